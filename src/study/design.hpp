#pragma once

/// @file
/// Which configurations the studies compare, and in what they differ.

#include "../playground/url.hpp"

#include <string>
#include <vector>

namespace handgrad::study {

using playground::Configuration;

/// A configuration under a name short enough for the axis of a figure.
struct Setting {
    std::string label;           ///< its name on the axis
    Configuration configuration; ///< what is run, but for the seed
};

/// Settings that differ in one factor alone, or, in `regularization`, in its kind and rate.
struct Study {
    std::string name;              ///< what the report calls it
    std::string factor;            ///< the key of the site's links that differs
    std::vector<Setting> settings; ///< what is compared
};

/// The setting that all studies vary: the spiral, told by its coordinates and their sines to one
/// hidden layer of 8 tanh neurons; all else as the site opens.
///
/// Most of its runs solve the spiral, none quickly, so that a factor can both help and harm.
Configuration base_configuration();

/// A seed in place of that of `configuration`.
Configuration with_seed(Configuration configuration, std::string seed);

/// Every setting with each of the seeds.
std::vector<Configuration> with_seeds(const std::vector<Setting>& settings,
                                      const std::vector<std::string>& seeds);

/// The seeds `prefix`1, …, `prefix``count`.
std::vector<std::string> make_seeds(const std::string& prefix, std::size_t count);

/// The base with some keys of a link changed, such as "learningRate=0.1".
Setting variant(std::string label, const std::string& changes);

/// How large a step is taken: the site's own choices that move at all within a few hundred epochs.
Study learning_rate_study();

/// How many hidden layers of 8 neurons there are: none to the site's 6.
Study depth_study();

/// None, and L1 and L2 at the site's rates; above 0.1 every weight soon is 0.
/// @param noise of the data, per cent
Study regularization_study(const std::string& name, const std::string& noise);

/// All studies, in the order of the report. What regularization does against noise is seen at half
/// of the site's greatest, 25 %.
std::vector<Study> all_studies();

/// Those of them that have these names, in the same order; all where there are no names.
/// @throws ValueError for a name that none has
std::vector<Study> studies_called(const std::vector<std::string>& names);

} // namespace handgrad::study
