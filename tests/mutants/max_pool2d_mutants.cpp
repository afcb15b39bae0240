#include "layers/max_pool2d.hpp"
#include "spoiled.hpp"

namespace handgrad::mutants {

namespace of_max_pool2d {

template <class T>
class MaxPool2dMutant : public Spoiled<MaxPool2d<T>, T> {
    using Base = Spoiled<MaxPool2d<T>, T>;

public:
    using Base::Base;

    Tensor<T> backward(const Tensor<T>& dy) {
        auto dz = Base::backward(dy);
        const auto window = this->window();
        const auto sides = padding_sides(window, z.shape(2), z.shape(3));
        const auto top = sides.top, left = sides.left;

        // Who in the window gets dy
        if (is("dy spread over the window")) {
            const auto taps = static_cast<double>(window.kernel[0] * window.kernel[1]);
            return shared(dy, [taps](const Cells& cells) {
                return std::vector<double>(cells.size(), 1 / taps);
            });
        }
        if (is("dy to the whole window"))
            return shared(dy,
                          [](const Cells& cells) { return std::vector<double>(cells.size(), 1); });
        if (is("dy to the minimum"))
            return given(dy, [this](const Cells& cells) {
                return best(cells, [](double a, double b) { return a < b; });
            });
        if (is("dy to the largest magnitude"))
            return given(dy, [this](const Cells& cells) {
                return best(cells, [](double a, double b) { return std::abs(a) > std::abs(b); });
            });
        if (is("dy to the first entry"))
            return given(dy, [](const Cells&) { return std::size_t{0}; });
        if (is("dy to the last entry"))
            return given(dy, [](const Cells& cells) { return cells.size() - 1; });
        if (is("dy times the maximum"))
            return shared(dy, [this](const Cells& cells) {
                std::vector<double> shares(cells.size(), 0.0);
                const auto winner = first_maximum(cells);
                shares[winner] = entry(cells[winner]);
                return shares;
            });
        if (is("the winners of channel 0"))
            return given(dy, [this](Cells cells) {
                for (auto& cell : cells)
                    cell.j = 0;
                return first_maximum(cells);
            });
        if (is("the winners of sample 0"))
            return given(dy, [this](Cells cells) {
                for (auto& cell : cells)
                    cell.i = 0;
                return first_maximum(cells);
            });
        if (is("row and column of the winner exchanged"))
            return given(dy, [this, W = window.kernel[1]](const Cells& cells) {
                const auto winner = first_maximum(cells);
                return winner % W * W + winner / W;
            });

        // Which of the tied gets dy
        const auto tied = [this](const Cells& cells) {
            std::vector<std::size_t> places;
            const double largest = entry(cells[first_maximum(cells)]);
            for (auto place : range(cells.size()))
                if (entry(cells[place]) == largest)
                    places.push_back(place);
            return places;
        };
        const auto at_ties = [&](double first, double second, double others, bool alone = true) {
            return shared(dy, [=](const Cells& cells) {
                std::vector<double> shares(cells.size(), 0.0);
                const auto places = tied(cells);
                for (auto place : places)
                    shares[place] = others;
                shares[places[0]] = places.size() > 1 || !alone ? first : 1;
                if (places.size() > 1)
                    shares[places[1]] = second;
                return shares;
            });
        };
        if (is("every tied entry credited"))
            return at_ties(1, 1, 1);
        if (is("no tied entry credited"))
            return at_ties(0, 0, 0);
        if (is("tied entries get 3/2 and −1/2"))
            return at_ties(1.5, -0.5, 0);
        if (is("tied entries get half of the half"))
            return at_ties(0.25, 0.25, 0);
        if (is("a ten-millionth too much"))
            return elementwise(dz, [](const T& entry) { return T(entry * T(1 + 1e-7)); });
        if (is("right: the last of the tied"))
            return given(dy, [tied](const Cells& cells) { return tied(cells).back(); });
        if (is("right: shared by the tied"))
            return shared(dy, [tied](const Cells& cells) {
                std::vector<double> shares(cells.size(), 0.0);
                const auto places = tied(cells);
                for (auto place : places)
                    shares[place] = 1 / static_cast<double>(places.size());
                return shares;
            });

        // Where the window stands
        if (is("stride ignored"))
            return moved_window(dy, {1, 1}, top, left);
        if (is("stride taken for the kernel"))
            return moved_window(dy, window.kernel, top, left);
        if (is("stride[0] and stride[1] exchanged"))
            return moved_window(dy, {window.stride[1], window.stride[0]}, top, left);
        if (is("padding ignored"))
            return moved_window(dy, window.stride, 0, 0);
        if (is("the winner's place in its window taken for its place in z"))
            return moved_window(dy, {0, 0}, 0, 0, true);

        // How windows that overlap are added up
        if (is("dz overwritten")) {
            dz = zeros<T>(shape_of(z));
            each_window(dy, [&](const T& upstream, const Cells& cells) {
                at(dz, cells[first_maximum(cells)]) = upstream;
            });
            return dz;
        }
        if (is("only the first window counts")) {
            dz = zeros<T>(shape_of(z));
            auto met = zeros<int>(shape_of(z));
            each_window(dy, [&](const T& upstream, const Cells& cells) {
                const auto& winner = cells[first_maximum(cells)];
                if (!at(met, winner)++)
                    at(dz, winner) = upstream;
            });
            return dz;
        }
        if (is("mean over the windows won")) {
            auto won = zeros<int>(shape_of(z));
            each_window(
                dy, [&](const T&, const Cells& cells) { ++at(won, cells[first_maximum(cells)]); });
            for (auto position : range(dz.size()))
                if (won.flat(position) > 1)
                    dz.flat(position) = dz.flat(position) / T(won.flat(position));
            return dz;
        }
        if (is("last row and column of dy left out")) {
            auto kept = dy;
            for (auto position : range(dy.size())) {
                const auto index = index_at(shape_of(dy), position);
                if (index[2] + 1 == dy.shape(2) || index[3] + 1 == dy.shape(3))
                    kept.flat(position) = T(0);
            }
            return MaxPool2d<T>::backward(kept);
        }
        return Base::expect_known(dz);
    }

private:
    using Base::is;
    using Base::z;

    // An entry of z
    struct Cell {
        std::size_t i, j, p, q;
    };
    using Cells = std::vector<Cell>;

    template <class U>
    static U& at(Tensor<U>& tensor, const Cell& cell) {
        return tensor(cell.i, cell.j, cell.p, cell.q);
    }

    double entry(const Cell& cell) const {
        return static_cast<double>(value_of(z(cell.i, cell.j, cell.p, cell.q)));
    }

    // Visits dy of every window with the entries of z in it, row by row
    template <class Visit>
    void each_window(const Tensor<T>& dy, Visit visit) const {
        const auto window = this->window_of();
        const auto sides = padding_sides(window, z.shape(2), z.shape(3));
        for (auto i : range(dy.shape(0)))
            for (auto j : range(dy.shape(1)))
                for (auto h : range(dy.shape(2)))
                    for (auto w : range(dy.shape(3))) {
                        Cells cells;
                        for (auto m : range(window.kernel[0]))
                            for (auto n : range(window.kernel[1])) {
                                const auto p = window.stride[0] * h + m - sides.top;
                                const auto q = window.stride[1] * w + n - sides.left;
                                // What went below 0 is far above
                                if (p < z.shape(2) && q < z.shape(3))
                                    cells.push_back({i, j, p, q});
                            }
                        visit(dy(i, j, h, w), cells);
                    }
    }

    Window window_of() const { return MaxPool2d<T>::window(); }

    // The place of the first entry that is better than all before it
    template <class Better>
    std::size_t best(const Cells& cells, Better better) const {
        std::size_t place = 0;
        for (auto other : range(cells.size()))
            if (better(entry(cells[other]), entry(cells[place])))
                place = other;
        return place;
    }
    std::size_t first_maximum(const Cells& cells) const {
        return best(cells, [](double a, double b) { return a > b; });
    }

    // dz where every entry of a window gets a share of dy
    template <class Share>
    Tensor<T> shared(const Tensor<T>& dy, Share share) const {
        auto dz = zeros<T>(shape_of(z));
        each_window(dy, [&](const T& upstream, const Cells& cells) {
            const std::vector<double> shares = share(cells);
            for (auto place : range(cells.size()))
                if (shares[place] != 0)
                    at(dz, cells[place]) += upstream * T(shares[place]);
        });
        return dz;
    }

    // dz where one entry of a window gets all of dy
    template <class Choose>
    Tensor<T> given(const Tensor<T>& dy, Choose choose) const {
        auto dz = zeros<T>(shape_of(z));
        each_window(dy, [&](const T& upstream, const Cells& cells) {
            at(dz, cells[choose(cells)]) += upstream;
        });
        return dz;
    }

    // dz where the windows are sought in another place than forward's
    // @param inside take the winner's place in forward's window, else look for another winner
    Tensor<T> moved_window(const Tensor<T>& dy, const Pair& stride, std::size_t top,
                           std::size_t left, bool inside = false) const {
        const auto window = this->window_of();
        auto dz = zeros<T>(shape_of(z));
        for (auto i : range(dy.shape(0)))
            for (auto j : range(dy.shape(1)))
                for (auto h : range(dy.shape(2)))
                    for (auto w : range(dy.shape(3))) {
                        Cells cells, candidates;
                        for (auto m : range(window.kernel[0]))
                            for (auto n : range(window.kernel[1])) {
                                const auto p = stride[0] * h + m - top;
                                const auto q = stride[1] * w + n - left;
                                if (p >= z.shape(2) || q >= z.shape(3))
                                    continue;
                                cells.push_back({i, j, p, q});
                                candidates.push_back(inside ? Cell{i, j, window.stride[0] * h + m,
                                                                   window.stride[1] * w + n}
                                                            : cells.back());
                            }
                        if (!cells.empty())
                            at(dz, cells[first_maximum(candidates)]) += dy(i, j, h, w);
                    }
        return dz;
    }
};

} // namespace of_max_pool2d

using namespace of_max_pool2d;

std::vector<Mutant> max_pool2d_mutants() {
    Draw draw(2);
    std::vector<Mutant> all;

    const auto z = readable_probe({2, 2, 6, 6}, draw);
    const MaxPool2dOptions apart{{2, 2}, {2, 2}};
    const auto in_apart = [&](const Row& row) {
        all.push_back(mutant<MaxPool2dMutant>("windows apart", row, z, apart));
    };
    in_apart({"right"});
    for (const auto& row : rows_of_any_layer())
        in_apart(row);
    for (const auto& row : rows_of_any_memory("dz"))
        in_apart(row);
    for (const auto& row : std::vector<Row>{
             {"dy spread over the window", "dz", "shared out over the window"},
             {"dy to the whole window", "dz", "given to the whole window"},
             {"dy to the minimum", "dz", "given to the minimum"},
             {"dy to the largest magnitude", "dz", "given to the largest magnitude"},
             {"dy to the first entry", "dz", "given to the first entry"},
             {"dy to the last entry", "dz", "given to the last entry"},
             {"dy times the maximum", "dz", "multiplied by the maximum"},
             {"the winners of channel 0", "dz", "winners of channel 0"},
             {"the winners of sample 0", "dz", "winners of sample 0"},
             {"row and column of the winner exchanged", "dz",
              "row and column of the winner exchanged"},
             {"the winner's place in its window taken for its place in z", "dz",
              "place in the window taken for the place in z"},
             {"stride ignored", "dz", "stride ignored"},
         })
        in_apart(row);

    const auto image = readable_probe({2, 2, 7, 8}, draw);
    const MaxPool2dOptions overlapping{{3, 2}, {2, 1}, Sides{1, 0, 1, 0}};
    for (const auto& row : std::vector<Row>{
             {"right"},
             {"stride ignored", "dz", "stride ignored"},
             {"stride taken for the kernel", "dz", "stride taken for the kernel's size"},
             {"stride[0] and stride[1] exchanged", "dz", "stride exchanged"},
             {"padding ignored", "dz", "padding ignored"},
             {"dz overwritten", "dz", "overwritten instead of accumulated"},
             {"only the first window counts", "dz", "only the first share kept"},
             {"mean over the windows won", "dz", "averaged instead of summed"},
             {"last row and column of dy left out", "dz",
              "last row and column of outputs left out"},
         })
        all.push_back(mutant<MaxPool2dMutant>("overlapping and padded", row, image, overlapping));

    // Zeros and ones: every window with two ones, or none, is tied
    const auto binary =
        elementwise(readable_probe({2, 1, 5, 5}, draw), [](double z) { return z > 0 ? 1.0 : 0.0; });
    const MaxPool2dOptions sliding{{2, 2}, {1, 1}};
    for (const auto& row : std::vector<Row>{
             {"right"},
             {"right: the last of the tied"},
             {"right: shared by the tied"},
             {"every tied entry credited", "dz", "every tied entry credited",
              "subgradient at kinks"},
             {"no tied entry credited", "dz", "no tied entry credited", "subgradient at kinks"},
             {"tied entries get 3/2 and −1/2", "dz", "", "subgradient at kinks"},
             {"tied entries get half of the half", "dz", "", "subgradient at kinks"},
             {"a ten-millionth too much", "dz", "a factor of 1.0000001", "subgradient at kinks"},
         })
        all.push_back(mutant<MaxPool2dMutant>("tied", row, binary, sliding));

    // More tied entries in one window than a few random directions can tell apart
    const MaxPool2dOptions whole{{8, 8}, {8, 8}};
    for (const auto& row : std::vector<Row>{
             {"right"},
             {"right: the last of the tied"},
             {"right: shared by the tied"},
             {"every tied entry credited", "dz", "every tied entry credited",
              "subgradient at kinks"},
         })
        all.push_back(mutant<MaxPool2dMutant>("64 tied", row, zeros<double>({1, 1, 8, 8}), whole));
    return all;
}

} // namespace handgrad::mutants
