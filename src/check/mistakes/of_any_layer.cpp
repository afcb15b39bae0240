// Mistakes that can be made in any layer

#include "../contract.hpp"
#include "gradients.hpp"

#include <cmath>
#include <set>

namespace handgrad::mistakes {

void suspect_upstream(Catalogue& all, const Evidence& e, std::size_t place) {
    const auto add = [&](const char* name, const char* sentence, auto upstream) {
        all.push_back(
            {name, sentence, [&e, place, upstream] { return with_upstream(e, place, upstream); }});
    };
    add("upstream ignored", "dy does not enter; multiply by dy.", [](std::size_t) { return 1.0; });
    add("upstream squared", "dy enters as dy²; multiply by dy once.",
        [&e](std::size_t j) { return e.dy.flat(j) * e.dy.flat(j); });
    add("upstream clamped at 0", "negative entries of dy are dropped; dy may have any sign.",
        [&e](std::size_t j) { return std::max(e.dy.flat(j), 0.0); });
    add("positive upstream dropped", "positive entries of dy are dropped; dy may have any sign.",
        [&e](std::size_t j) { return std::min(e.dy.flat(j), 0.0); });
    add("upstream without its sign", "dy enters as |dy|; multiply by dy as it is.",
        [&e](std::size_t j) { return std::abs(e.dy.flat(j)); });
    add("only the sign of the upstream", "dy enters as its sign; multiply by dy as it is.",
        [&e](std::size_t j) { return e.dy.flat(j) > 0   ? 1.0
                                     : e.dy.flat(j) < 0 ? -1.0
                                                        : 0.0; });
    add("upstream clipped to ±1", "dy is clipped to [−1, 1]; multiply by dy as it is.",
        [&e](std::size_t j) { return std::clamp(e.dy.flat(j), -1.0, 1.0); });
    add("multiplied by y once more", "every product has a factor y too many.",
        [&e](std::size_t j) { return e.dy.flat(j) * e.y.flat(j); });
    double mean = 0;
    for (double entry : e.dy)
        mean += entry / static_cast<double>(e.dy.size());
    add("upstream replaced by its mean", "every output gets the mean of dy; give each its own.",
        [mean](std::size_t) { return mean; });
    const auto shape = shape_of(e.dy);
    const auto add_rearranged = [&](const char* name, const char* sentence, const Gradient& other) {
        add(name, sentence, [other](std::size_t j) { return other.flat(j); });
    };
    const auto first = [&](std::size_t axis) {
        return rearranged(e.dy, [axis](auto& index) { index[axis] = 0; });
    };
    if (shape_of(e.inputs[0]) == shape)
        add_rearranged("z for the upstream", "z stands where dy belongs.", e.inputs[0]);
    if (shape.size() >= 1 && shape[0] > 1)
        add_rearranged("upstream of sample 0 for all", "every sample gets the dy of sample 0.",
                       first(0));
    if (shape.size() == 4) {
        add_rearranged("upstream turned by 180°",
                       "the rows and columns of dy are read backwards; only the kernel is turned.",
                       flipped(e.dy, {0, 1}));
        if (shape[1] > 1) {
            add_rearranged("upstream of channel 0 for all",
                           "dy is read in channel 0 for every output channel.", first(1));
            auto sums = zeros<double>(shape);
            const auto space = shape[2] * shape[3], sample = shape[1] * space;
            for (auto j : range(sums.size()))
                for (auto channel : range(shape[1]))
                    sums.flat(j) += e.dy.flat(j / sample * sample + channel * space + j % space);
            add_rearranged("upstream summed over its channels",
                           "every output channel gets the sum of dy over all of them; give each "
                           "its own.",
                           sums);
        }
    }
    if (shape.size() >= 2 && shape[shape.size() - 1] == shape[shape.size() - 2])
        add("upstream transposed", "dy is read with its last two axes exchanged.",
            [turned = swapped(e.dy, shape.size() - 1, shape.size() - 2)](std::size_t j) {
                return turned.flat(j);
            });
}

void suspect_sums(Catalogue& all, const Evidence& e, std::size_t place) {
    const std::size_t N = samples_in(e.dy), sample = e.dy.size() / N;
    const auto add = [&](const char* name, const char* sentence, auto keep) {
        all.push_back({name, sentence, [&e, place, keep] {
                           return contract(e, place, [&](double& sum, std::size_t j, double slope) {
                               if (keep(j))
                                   sum += e.dy.flat(j) * slope;
                           });
                       }});
    };
    if (N > 1) {
        add("only the first sample",
            "samples after the first contribute nothing; sum over the "
            "batch.",
            [sample](std::size_t j) { return j < sample; });
        add("only the last sample", "each sample overwrites the one before; sum over the batch.",
            [sample, N](std::size_t j) { return j >= sample * (N - 1); });
    }
    if (N > 2) {
        add("the first sample forgotten", "the sum over the batch starts at the second sample.",
            [sample](std::size_t j) { return j >= sample; });
        add("the last sample forgotten", "the sum over the batch ends one sample early.",
            [sample, N](std::size_t j) { return j < sample * (N - 1); });
    }
    if (e.dy.dimension() == 4) {
        const auto H = e.dy.shape(2), W = e.dy.shape(3);
        add("sum over space missing",
            "only the output at row 0, column 0 counts; sum over all rows "
            "and columns.",
            [H, W](std::size_t j) { return j % (H * W) == 0; });
        add("space overwritten",
            "only the last output of every image counts; add instead of "
            "assigning.",
            [H, W](std::size_t j) { return j % (H * W) == H * W - 1; });
        add("last row and column of outputs left out", "the loops over the output end one early.",
            [H, W](std::size_t j) { return j / W % H + 1 < H && j % W + 1 < W; });
        add("last row of outputs left out", "the loop over the output rows ends one early.",
            [H, W](std::size_t j) { return j / W % H + 1 < H; });
        add("last column of outputs left out", "the loop over the output columns ends one early.",
            [W](std::size_t j) { return j % W + 1 < W; });
        add("sum over rows missing", "only output row 0 counts; sum over all rows.",
            [H, W](std::size_t j) { return j / W % H == 0; });
        add("sum over columns missing", "only output column 0 counts; sum over all columns.",
            [W](std::size_t j) { return j % W == 0; });
        const auto C = e.dy.shape(1);
        if (C > 1) {
            add("only the first output channel",
                "output channels after the first contribute nothing; sum over all of them.",
                [C, H, W](std::size_t j) { return j / (H * W) % C == 0; });
            add("only the last output channel",
                "each output channel overwrites the one before; add instead of assigning.",
                [C, H, W](std::size_t j) { return j / (H * W) % C == C - 1; });
        }
    } else if (e.dy.dimension() == 2 && e.dy.shape(1) > 1 && !is_elementwise(e)) {
        const auto outputs = e.dy.shape(1);
        add("only the first output", "outputs after the first contribute nothing; sum over them.",
            [outputs](std::size_t j) { return j % outputs == 0; });
        add("only the last output",
            "each output overwrites the one before; add instead of "
            "assigning.",
            [outputs](std::size_t j) { return j % outputs == outputs - 1; });
        if (outputs > 2) {
            add("the first output forgotten", "the sum over the outputs starts at the second.",
                [outputs](std::size_t j) { return j % outputs > 0; });
            add("the last output forgotten", "the sum over the outputs ends one early.",
                [outputs](std::size_t j) { return j % outputs + 1 < outputs; });
        }
    }
    all.push_back({"overwritten instead of accumulated",
                   "an entry that several outputs reach keeps only the last one's share; write += "
                   "where = stands.",
                   [&e, place] {
                       return contract(e, place, [&](double& sum, std::size_t j, double slope) {
                           sum = e.dy.flat(j) * slope;
                       });
                   }});
    all.push_back({"only the first share kept",
                   "an entry that several outputs reach keeps only the first one's share; add all.",
                   [&e, place] {
                       std::set<const double*> met;
                       return contract(e, place, [&](double& sum, std::size_t j, double slope) {
                           if (met.insert(&sum).second)
                               sum = e.dy.flat(j) * slope;
                       });
                   }});
    all.push_back(
        {"averaged instead of summed",
         "every entry is divided by how many outputs reach it; gradients add up.", [&e, place] {
             auto count = zeros<double>(shape_of(e.inputs[place]));
             auto sums = contract(e, place, [&](double& sum, std::size_t j, double slope) {
                 sum += e.dy.flat(j) * slope;
             });
             count = contract(e, place, [](double& sum, std::size_t, double) { sum += 1; });
             return elementwise(sums, count, [](double sum, double count) {
                 return count == 0 ? 0 : sum / count;
             });
         }});
}

void suspect_arrangement(Catalogue& all, const Gradient& right) {
    const auto shape = shape_of(right);
    const auto rank = shape.size();
    const auto add = [&](const char* name, const char* sentence, auto gradient) {
        all.push_back({name, sentence, gradient});
    };
    if (rank >= 2) {
        if (shape[rank - 1] == shape[rank - 2])
            add("transposed", "rows and columns of the gradient are exchanged.",
                [right, rank] { return swapped(right, rank - 1, rank - 2); });
        add("rows and columns reversed",
            "the gradient is turned by 180°: a kernel is flipped that "
            "should not be, or the other way round.",
            [right] {
                return flipped(right, {0, 1});
            });
        add("rows reversed", "the rows of the gradient run backwards.",
            [right] { return flipped(right, {1}); });
        add("columns reversed", "the columns of the gradient run backwards.",
            [right] { return flipped(right, {0}); });
    }
    if (rank == 4) {
        if (shape[0] == shape[1])
            add("first two axes exchanged",
                "input and output channels of the gradient are "
                "exchanged.",
                [right] { return swapped(right, 0, 1); });
        add("channels reversed", "the channels of the gradient run backwards.",
            [right] { return flipped(right, {2}); });
    }
    if (rank >= 1 && shape[0] > 1)
        add("first axis reversed", "the gradient runs backwards along its first axis.",
            [right, rank] { return flipped(right, {rank - 1}); });
    // A neighbour's entry, up to three places away
    if (rank >= 2)
        for (int rows = -3; rows <= 3; ++rows)
            for (int columns = -3; columns <= 3; ++columns)
                if (rows != 0 || columns != 0)
                    all.push_back(
                        {fmt::format("shifted by {} rows and {} columns", rows, columns),
                         "every entry stands where a neighbour belongs; look at the offset of "
                         "padding and at index arithmetic.",
                         [right, rank, rows, columns] {
                             return rearranged(right, [&](auto& index) {
                                 index[rank - 2] -= static_cast<std::size_t>(rows);
                                 index[rank - 1] -= static_cast<std::size_t>(columns);
                             });
                         }});
}

void suspect_left_out(Catalogue& all, const Gradient& right) {
    const auto shape = shape_of(right);
    const auto rank = shape.size();
    const auto add = [&](const char* name, const char* sentence, auto keep) {
        all.push_back({name, sentence, [right, shape, keep] {
                           auto gradient = right;
                           for (auto position : range(right.size()))
                               if (!keep(index_at(shape, position)))
                                   gradient.flat(position) = 0;
                           return gradient;
                       }});
    };
    using Index = std::vector<std::size_t>;
    if (rank >= 2) {
        const auto H = shape[rank - 2], W = shape[rank - 1];
        const auto row = [rank](const Index& index) { return index[rank - 2]; };
        const auto column = [rank](const Index& index) { return index[rank - 1]; };
        add("last row left at 0", "the loop over the rows of the gradient ends one early.",
            [=](const Index& index) { return row(index) + 1 < H; });
        add("last column left at 0", "the loop over the columns of the gradient ends one early.",
            [=](const Index& index) { return column(index) + 1 < W; });
        add("last row and column left at 0", "the loops over the gradient end one early.",
            [=](const Index& index) { return row(index) + 1 < H && column(index) + 1 < W; });
        add("first row left at 0", "the loop over the rows of the gradient starts one late.",
            [=](const Index& index) { return row(index) > 0; });
        add("first column left at 0", "the loop over the columns of the gradient starts one late.",
            [=](const Index& index) { return column(index) > 0; });
        add("border left at 0",
            "the loops over the gradient leave out its first and last rows and columns.",
            [=](const Index& index) {
                return row(index) > 0 && row(index) + 1 < H && column(index) > 0 &&
                       column(index) + 1 < W;
            });
    }
    if (rank == 4 && shape[1] > 1)
        add("only the first channel", "channels of the gradient after the first are left at 0.",
            [](const Index& index) { return index[1] == 0; });
}

// What the other tensors may have been mistaken for: gradients are worked out anew with them
void suspect_memory(Catalogue& all, const Evidence& e, std::size_t place) {
    if (!e.gradient_at)
        return;
    const auto add = [&](const char* name, const char* sentence, const Gradient& other_z) {
        all.push_back({name, sentence, [&e, place, other_z] {
                           auto inputs = e.inputs;
                           inputs[0] = other_z;
                           return gradient_of(e, place, inputs);
                       }});
    };
    const auto& z = e.inputs[0];
    const auto first = [&](std::size_t axis) {
        return rearranged(z, [axis](auto& index) { index[axis] = 0; });
    };
    if (place > 0) {
        add("z ignored", "z does not enter; multiply by it.", filled(shape_of(z), 1.0));
        if (samples_in(z) > 1)
            add("z of sample 0 for all", "every sample's dy is multiplied by the z of sample 0.",
                first(0));
        if (z.dimension() == 4 && z.shape(1) > 1)
            add("z of input channel 0 for all", "z is read in channel 0 for every input channel.",
                first(1));
        if (samples_in(z) > 1) {
            auto mean = first(0);
            const auto sample = z.size() / z.shape(0);
            for (auto position : range(z.size())) {
                double sum = 0;
                for (auto i : range(z.shape(0)))
                    sum += z.flat(i * sample + position % sample);
                mean.flat(position) = sum / static_cast<double>(z.shape(0));
            }
            add("z averaged over the batch",
                "every sample's dy is multiplied by the mean of z; multiply by its own z.", mean);
        }
        all.push_back({"the parameter for z", "the parameter stands where z belongs.", [&e, place] {
                           auto inputs = e.inputs;
                           inputs[0] = filled(shape_of(inputs[0]), 1.0);
                           return elementwise(gradient_of(e, place, inputs), e.inputs[place],
                                              [](double a, double b) { return a * b; });
                       }});
        if (shape_of(e.y) == shape_of(z))
            add("y for z", "the layer's output stands where its input belongs.", e.y);
        add("z squared", "z enters as z²; multiply by z once.",
            elementwise(z, [](double z) { return z * z; }));
    }
    add("the z of an earlier forward",
        "the gradient is that of another z, seen before; remember z anew in every forward.",
        another(z));
}

void suspect_parameter(Catalogue& all, const Evidence& e, std::size_t place,
                       const Gradient& right) {
    const auto times = [](double a, double b) { return a * b; };
    all.push_back(
        {place == 0 ? "multiplied by z once more" : "multiplied by the parameter",
         "every entry is multiplied by the variable that it is the gradient of.",
         [&e, place, right, times] { return elementwise(right, e.inputs[place], times); }});
    if (place == 0 || right.dimension() != 1)
        return;
    all.push_back({"summed over its first axis too",
                   "all entries hold one sum; each has its own share.", [right] {
                       double sum = 0;
                       for (double entry : right)
                           sum += entry;
                       return filled(shape_of(right), sum);
                   }});
    if (e.dy.dimension() == 2 && e.dy.shape(0) == right.size())
        all.push_back({"summed along the wrong axis",
                       "dy is summed over the outputs of each sample; sum over the samples.", [&e] {
                           auto sums = zeros<double>({e.dy.shape(0)});
                           for (auto i : range(e.dy.shape(0)))
                               for (auto j : range(e.dy.shape(1)))
                                   sums(i) += e.dy(i, j);
                           return sums;
                       }});
}

} // namespace handgrad::mistakes
