#pragma once

/// @file
/// One link of the site, trained, shown and written to files: `handgrad train`.

#include "../errors.hpp"
#include "interrupt.hpp"

#include <cstddef>
#include <string>

namespace handgrad::study {

/// What `handgrad train` can be told.
struct TrainOptions {
    std::string url;           ///< a link of the site, or the part from its # on
    std::size_t epochs = 500;  ///< how long
    std::string curve;         ///< a file for the losses, .csv or .json; none where empty
    std::string weights;       ///< a JSON file for the weights; none where empty
    std::string folder;        ///< a new folder for data and weights; none where empty
    std::string boundary = {}; ///< an SVG file for what the network answers; none where empty
};

/// Trains the network of a link and tells how its losses went: a line of blocks, and a table.
///
/// Both curves are drawn on one scale, as the site draws them. A loss that is no number is written
/// nan, one that is too large inf.
///
/// The files are written when training is done, each whole or not at all.
///  - `curve`: the columns or keys `epoch`, `train_loss`, `test_loss`, up to a hundred and one
///    measurements; JSON has `url` beside them, and null where a loss is not finite;
///  - `weights`: JSON with `url`, `epochs` and `layers`, each with `weight` (d_out rows of d_in
///    numbers) and `bias`;
///  - `folder`: `data.json` with `url`, `train` and `test`, each point as [x, y, label];
///    `train.npy` and `test.npy`, the same with one point a row; `weights.json`, and every layer's
///    `0.weight.npy`, `0.bias.npy`, `1.weight.npy`, …;
///  - `boundary`: the picture of boundary_picture.hpp, of 100 × 100 answers as on the site.
///
/// @return the text for the terminal
/// @throws ValueError for a malformed link or an option out of range, before anything runs
/// @throws FileError if a file cannot be written; most reasons are seen before anything runs
/// @throws Interrupted after Ctrl-C; no file is written then
std::string run_train(const TrainOptions& options);

} // namespace handgrad::study
