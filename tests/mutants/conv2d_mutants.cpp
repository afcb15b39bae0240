#include "layers/conv2d.hpp"
#include "spoiled.hpp"

namespace handgrad::mutants {

namespace of_conv2d {

template <class T>
class Conv2dMutant : public Spoiled<Conv2d<T>, T> {
    using Base = Spoiled<Conv2d<T>, T>;

public:
    using Base::Base;

    Tensor<T> backward(const Tensor<T>& dy) {
        auto dz = Base::backward(dy);
        const auto [kernel, stride, padding, dilation] = this->window();
        const auto [k_H, k_W] = kernel;
        const auto sides = padding_sides(this->window(), z.shape(2), z.shape(3));
        const auto C_in = z.shape(1);
        const auto top = sides.top, left = sides.left;
        const Pair one{1, 1};

        // Wrong in dz alone: the weight that is read
        if (is("kernel not flipped"))
            return dz_with(dy, [&, H = k_H, W = k_W](auto j, auto k, auto m, auto n) {
                return weight(j, k, H - 1 - m, W - 1 - n);
            });
        if (is("kernel flipped in its rows"))
            return dz_with(dy, [&, H = k_H](auto j, auto k, auto m, auto n) {
                return weight(j, k, H - 1 - m, n);
            });
        if (is("kernel flipped in its columns"))
            return dz_with(dy, [&, W = k_W](auto j, auto k, auto m, auto n) {
                return weight(j, k, m, W - 1 - n);
            });
        if (is("channels of the kernel exchanged"))
            return dz_with(dy, [&](auto j, auto k, auto m, auto n) { return weight(k, j, m, n); });
        if (is("taps of the kernel transposed"))
            return dz_with(dy, [&](auto j, auto k, auto m, auto n) { return weight(j, k, n, m); });
        if (is("weight left out of dz"))
            return dz_with(dy, [](auto...) { return T(1); });
        if (is("dz reads weight of input channel 0"))
            return dz_with(dy, [&](auto j, auto, auto m, auto n) { return weight(j, 0, m, n); });
        if (is("dz reads weight of output channel 0"))
            return dz_with(dy, [&](auto, auto k, auto m, auto n) { return weight(0, k, m, n); });

        if (is("kernel not flipped, channels exchanged"))
            return dz_with(dy, [&, H = k_H, W = k_W](auto j, auto k, auto m, auto n) {
                return weight(k, j, H - 1 - m, W - 1 - n);
            });
        if (is("dz of the first tap only"))
            return dz_with(dy, [&](auto j, auto k, auto m, auto n) {
                return m == 0 && n == 0 ? weight(j, k, m, n) : T(0);
            });
        if (is("last column of taps left out"))
            return dz_with(dy, [&, W = k_W](auto j, auto k, auto m, auto n) {
                return n + 1 < W ? weight(j, k, m, n) : T(0);
            });

        // Wrong in dz and dweight: the dy that is read
        if (is("dy turned by 180°"))
            return Conv2d<T>::backward(dy_from(dy, [&](auto i, auto j, auto h, auto w) {
                return dy(i, j, dy.shape(2) - 1 - h, dy.shape(3) - 1 - w);
            }));
        if (is("dy of sample 0"))
            return Conv2d<T>::backward(
                dy_from(dy, [&](auto, auto j, auto h, auto w) { return dy(0, j, h, w); }));
        if (is("dy of output channel 0"))
            return Conv2d<T>::backward(
                dy_from(dy, [&](auto i, auto, auto h, auto w) { return dy(i, 0, h, w); }));

        // Wrong in dz alone: what is added up
        if (is("padding wrapped around")) {
            dz = zeros<T>(shape_of(z));
            const auto H = z.shape(2), W = z.shape(3);
            for (auto i : range(dy.shape(0)))
                for (auto j : range(dy.shape(1)))
                    for (auto h : range(dy.shape(2)))
                        for (auto w : range(dy.shape(3)))
                            for (auto k : range(C_in))
                                for (auto m : range(k_H))
                                    for (auto n : range(k_W)) {
                                        const auto p = stride[0] * h + dilation[0] * m + H - top;
                                        const auto q = stride[1] * w + dilation[1] * n + W - left;
                                        dz(i, k, p % H, q % W) +=
                                            dy(i, j, h, w) * weight(j, k, m, n);
                                    }
            return dz;
        }
        if (is("dz overwritten")) {
            dz = zeros<T>(shape_of(z));
            each_product(dy, stride, dilation, sides.top, sides.left, [&](const Product& at) {
                dz(at.i, at.k, at.p, at.q) =
                    dy(at.i, at.j, at.h, at.w) * weight(at.j, at.k, at.m, at.n);
            });
            return dz;
        }
        if (is("dz of input channel 0 only"))
            for (auto position : range(dz.size()))
                if (index_at(shape_of(dz), position)[1] > 0)
                    dz.flat(position) = T(0);
        if (is("dz of output channel 0 only"))
            return dz_with(dy, [&](auto j, auto k, auto m, auto n) {
                return j == 0 ? weight(j, k, m, n) : T(0);
            });
        if (is("dz at the border left at 0"))
            for (auto position : range(dz.size())) {
                const auto index = index_at(shape_of(dz), position);
                if (index[2] == 0 || index[3] == 0 || index[2] + 1 == dz.shape(2) ||
                    index[3] + 1 == dz.shape(3))
                    dz.flat(position) = T(0);
            }
        if (is("dz wrong by a millionth at the border"))
            for (auto position : range(dz.size())) {
                const auto index = index_at(shape_of(dz), position);
                if (index[2] == 0 || index[3] == 0)
                    dz.flat(position) *= T(1 + 1e-6);
            }

        // Wrong in dz and dweight: where the window stands
        if (is("stride ignored"))
            return geometry(dy, one, dilation, sides.top, sides.left);
        if (is("stride[0] and stride[1] exchanged"))
            return geometry(dy, {stride[1], stride[0]}, dilation, sides.top, sides.left);
        if (is("stride[0] for both"))
            return geometry(dy, {stride[0], stride[0]}, dilation, sides.top, sides.left);
        if (is("dilation ignored"))
            return geometry(dy, stride, one, sides.top, sides.left);
        if (is("dilation[0] and dilation[1] exchanged"))
            return geometry(dy, stride, {dilation[1], dilation[0]}, sides.top, sides.left);
        if (is("padding ignored"))
            return geometry(dy, stride, dilation, 0, 0);
        if (is("padding of the other sides"))
            return geometry(dy, stride, dilation, sides.bottom, sides.right);
        if (is("top and left padding exchanged"))
            return geometry(dy, stride, dilation, sides.left, sides.top);
        if (is("last row and column of dy left out")) {
            auto kept = dy;
            for (auto position : range(dy.size())) {
                const auto index = index_at(shape_of(dy), position);
                if (index[2] + 1 == dy.shape(2) || index[3] + 1 == dy.shape(3))
                    kept.flat(position) = T(0);
            }
            return Conv2d<T>::backward(kept);
        }

        // Wrong in dweight alone
        if (is("dweight flipped")) {
            const auto right = this->dweight;
            for (auto position : range(right.size()))
                this->dweight.flat(position) = right.flat(flipped(position));
        }
        if (is("dweight overwritten"))
            each_product(dy, stride, dilation, sides.top, sides.left, [&](const Product& at) {
                this->dweight(at.j, at.k, at.m, at.n) =
                    dy(at.i, at.j, at.h, at.w) * z(at.i, at.k, at.p, at.q);
            });
        if (is("dweight reads input channel 0"))
            dweight_with(dy, [&](auto i, auto, auto p, auto q) { return z(i, 0, p, q); });
        if (is("dweight reads sample 0"))
            dweight_with(dy, [&](auto, auto k, auto p, auto q) { return z(0, k, p, q); });
        if (is("z left out of dweight"))
            dweight_with(dy, [](auto...) { return T(1); });
        if (is("dweight a mean over the batch"))
            scale(this->dweight, 1 / static_cast<double>(dy.shape(0)));
        if (is("dweight a mean over space"))
            scale(this->dweight, 1 / static_cast<double>(dy.shape(2) * dy.shape(3)));
        if (is("dweight with weight decay"))
            for (auto position : range(weight.size()))
                this->dweight.flat(position) += T(0.01) * weight.flat(position);
        if (is("channels of dweight exchanged")) {
            const auto right = this->dweight;
            for (auto j : range(right.shape(0)))
                for (auto k : range(right.shape(1)))
                    for (auto m : range(right.shape(2)))
                        for (auto n : range(right.shape(3)))
                            this->dweight(j, k, m, n) = right(k, j, m, n);
        }

        // Wrong in dbias alone
        if (is("dbias not summed over the batch"))
            dbias_from(dy, [](auto i, auto, auto) { return i == 0; });
        if (is("dbias not summed over rows"))
            dbias_from(dy, [](auto, auto h, auto) { return h == 0; });
        if (is("dbias not summed over space"))
            dbias_from(dy, [](auto, auto h, auto w) { return h == 0 && w == 0; });
        if (is("dbias a mean over space"))
            scale(this->dbias, 1 / static_cast<double>(dy.shape(2) * dy.shape(3)));
        if (is("dbias a mean over batch and space"))
            scale(this->dbias, 1 / static_cast<double>(dy.shape(0) * dy.shape(2) * dy.shape(3)));
        if (is("dbias once for every input channel"))
            scale(this->dbias, static_cast<double>(C_in));
        if (is("dbias once for every tap"))
            scale(this->dbias, static_cast<double>(k_H * k_W));
        if (is("dbias left at 0"))
            scale(this->dbias, 0);
        if (is("dbias summed over the channels too")) {
            T sum = T(0);
            for (const auto& entry : this->dbias)
                sum += entry;
            std::fill(this->dbias.begin(), this->dbias.end(), sum);
        }
        return Base::expect_known(dz);
    }

private:
    using Base::is;
    using Base::z;
    using Conv2d<T>::weight;

    // One product of the forward pass: y(i, j, h, w) has weight(j, k, m, n) · z(i, k, p, q)
    struct Product {
        std::size_t i, j, h, w, k, m, n, p, q;
    };

    template <class Visit>
    void each_product(const Tensor<T>& dy, const Pair& stride, const Pair& dilation,
                      std::size_t top, std::size_t left, Visit visit) const {
        for (auto i : range(dy.shape(0)))
            for (auto j : range(dy.shape(1)))
                for (auto h : range(dy.shape(2)))
                    for (auto w : range(dy.shape(3)))
                        for (auto k : range(weight.shape(1)))
                            for (auto m : range(weight.shape(2)))
                                for (auto n : range(weight.shape(3))) {
                                    const auto p = stride[0] * h + dilation[0] * m - top;
                                    const auto q = stride[1] * w + dilation[1] * n - left;
                                    // What went below 0 is far above
                                    if (p < z.shape(2) && q < z.shape(3))
                                        visit(Product{i, j, h, w, k, m, n, p, q});
                                }
    }

    // Another dy of the same shape
    template <class Entry>
    static Tensor<T> dy_from(const Tensor<T>& dy, Entry entry) {
        auto other = dy;
        for (auto i : range(dy.shape(0)))
            for (auto j : range(dy.shape(1)))
                for (auto h : range(dy.shape(2)))
                    for (auto w : range(dy.shape(3)))
                        other(i, j, h, w) = entry(i, j, h, w);
        return other;
    }

    // dz and dweight with the window somewhere else
    Tensor<T> geometry(const Tensor<T>& dy, const Pair& stride, const Pair& dilation,
                       std::size_t top, std::size_t left) {
        auto dz = zeros<T>(shape_of(z));
        this->dweight = zeros<T>(shape_of(weight));
        each_product(dy, stride, dilation, top, left, [&](const Product& at) {
            const T& upstream = dy(at.i, at.j, at.h, at.w);
            this->dweight(at.j, at.k, at.m, at.n) += upstream * z(at.i, at.k, at.p, at.q);
            dz(at.i, at.k, at.p, at.q) += upstream * weight(at.j, at.k, at.m, at.n);
        });
        return dz;
    }

    // dz with another weight in every product
    template <class Weight>
    Tensor<T> dz_with(const Tensor<T>& dy, Weight other) {
        const auto window = this->window();
        const auto sides = padding_sides(window, z.shape(2), z.shape(3));
        auto dz = zeros<T>(shape_of(z));
        each_product(dy, window.stride, window.dilation, sides.top, sides.left,
                     [&](const Product& at) {
                         dz(at.i, at.k, at.p, at.q) +=
                             dy(at.i, at.j, at.h, at.w) * other(at.j, at.k, at.m, at.n);
                     });
        return dz;
    }

    // dweight with another z in every product
    template <class Input>
    void dweight_with(const Tensor<T>& dy, Input other) {
        const auto window = this->window();
        const auto sides = padding_sides(window, z.shape(2), z.shape(3));
        this->dweight = zeros<T>(shape_of(weight));
        each_product(dy, window.stride, window.dilation, sides.top, sides.left,
                     [&](const Product& at) {
                         this->dweight(at.j, at.k, at.m, at.n) +=
                             dy(at.i, at.j, at.h, at.w) * other(at.i, at.k, at.p, at.q);
                     });
    }

    template <class Keep>
    void dbias_from(const Tensor<T>& dy, Keep keep) {
        this->dbias = zeros<T>(shape_of(this->bias));
        for (auto i : range(dy.shape(0)))
            for (auto j : range(dy.shape(1)))
                for (auto h : range(dy.shape(2)))
                    for (auto w : range(dy.shape(3)))
                        if (keep(i, h, w))
                            this->dbias(j) += dy(i, j, h, w);
    }

    // The position of the tap that a kernel turned by 180° has here
    std::size_t flipped(std::size_t position) const {
        const auto taps = weight.shape(2) * weight.shape(3);
        return position / taps * taps + taps - 1 - position % taps;
    }

    static void scale(Tensor<T>& gradient, double factor) {
        for (auto& entry : gradient)
            entry = entry * T(factor);
    }
};

} // namespace of_conv2d

using namespace of_conv2d;

std::vector<Mutant> conv2d_mutants() {
    Draw draw(1);
    std::vector<Mutant> all;

    // Every extent that can be exchanged with another is equal to it
    const auto z = readable_probe({2, 2, 4, 5}, draw);
    const auto weight = readable_probe({2, 2, 2, 2}, draw), bias = readable_probe({2}, draw);
    const auto square = [&](const Row& row) {
        all.push_back(mutant<Conv2dMutant>("square", row, z, weight, bias));
    };
    square({"right"});
    for (const auto& row : rows_of_any_layer())
        square(row);
    for (const auto& row : rows_of_any_memory("dweight"))
        square(row);
    for (const auto& row : rows_of_any_parameters())
        square(row);
    for (const auto& row : std::vector<Row>{
             {"kernel not flipped", "dz", "kernel not flipped"},
             {"kernel flipped in its rows", "dz", "kernel flipped in its columns only"},
             {"kernel flipped in its columns", "dz", "kernel flipped in its rows only"},
             {"channels of the kernel exchanged", "dz", "channels exchanged"},
             {"taps of the kernel transposed", "dz", "taps transposed"},
             {"kernel not flipped, channels exchanged", "dz",
              "kernel not flipped, channels exchanged"},
             {"dz of the first tap only", "dz", "only the first tap"},
             {"one output with the wrong sign", "dz", "an output with another factor"},
             {"last column of taps left out", "dz", "last column of taps left out"},
             {"dy turned by 180°", "dz", "upstream turned by 180°"},
             {"dy turned by 180°", "dweight", "upstream turned by 180°"},
             {"dy of sample 0", "dz", "upstream of sample 0 for all"},
             {"dy of output channel 0", "dweight", "upstream of channel 0 for all"},
             {"weight left out of dz", "dz", "weight ignored"},
             {"dz overwritten", "dz", "overwritten instead of accumulated"},
             {"dz of input channel 0 only", "dz", "only the first channel"},
             {"dz of output channel 0 only", "dz", "only the first output channel"},
             {"dz at the border left at 0", "dz", "border left at 0"},
             {"dz reads weight of input channel 0", "dz", "weight of input channel 0 for all"},
             {"dz reads weight of output channel 0", "dz", "weight of output channel 0 for all"},
             {"last row and column of dy left out", "dz",
              "last row and column of outputs left out"},
             {"dweight flipped", "dweight", "rows and columns reversed"},
             {"dweight overwritten", "dweight", "overwritten instead of accumulated"},
             {"dweight reads input channel 0", "dweight", "z of input channel 0 for all"},
             {"dweight reads sample 0", "dweight", "z of sample 0 for all"},
             {"z left out of dweight", "dweight", "z ignored"},
             {"dweight a mean over the batch", "dweight", "mean over the batch"},
             {"dweight a mean over space", "dweight", "mean over space"},
             {"dweight with weight decay", "dweight", "weight decay added"},
             {"channels of dweight exchanged", "dweight", "first two axes exchanged"},
             {"dbias not summed over the batch", "dbias", "only the first sample"},
             {"dbias not summed over rows", "dbias", "sum over rows missing"},
             {"dbias not summed over space", "dbias", "sum over space missing"},
             {"dbias a mean over space", "dbias", "mean over space"},
             {"dbias a mean over batch and space", "dbias", "mean over batch and space"},
             {"dbias once for every tap", "dbias", "scaled by the kernel's size"},
             {"dbias left at 0", "dbias", "zero everywhere"},
             {"dbias summed over the channels too", "dbias", "summed over its first axis too"},
         })
        square(row);

    // Rows and columns differ in everything
    const auto image = readable_probe({2, 3, 7, 8}, draw);
    const auto kernels = readable_probe({2, 3, 3, 2}, draw);
    const Conv2dOptions options{{2, 1}, Sides{1, 0, 2, 1}, {1, 2}};
    const auto strided = [&](const Row& row) {
        all.push_back(
            mutant<Conv2dMutant>("strided and padded", row, image, kernels, bias, options));
    };
    strided({"right"});
    for (const auto& row : std::vector<Row>{
             {"kernel not flipped", "dz", "kernel not flipped"},
             {"stride ignored", "dz", "stride ignored"},
             {"stride ignored", "dweight", "stride ignored"},
             {"stride[0] and stride[1] exchanged", "dz", "stride exchanged"},
             {"stride[0] and stride[1] exchanged", "dweight", "stride exchanged"},
             {"stride[0] for both", "dz", "stride[0] for both"},
             {"dilation ignored", "dz", "dilation ignored"},
             {"dilation ignored", "dweight", "dilation ignored"},
             {"dilation[0] and dilation[1] exchanged", "dz", "dilation exchanged"},
             {"padding ignored", "dz", "padding ignored"},
             {"padding ignored", "dweight", "padding ignored"},
             {"padding wrapped around", "dz", "padding wrapped around"},
             {"padding of the other sides", "dz", "padding on the wrong side"},
             {"top and left padding exchanged", "dz", "padding exchanged"},
             {"last row and column of dy left out", "dweight",
              "last row and column of outputs left out"},
             {"dz wrong by a millionth at the border", "dz",
              "a factor of 1.000001 in some entries"},
             {"dweight flipped", "dweight", "rows and columns reversed"},
             {"dbias once for every input channel", "dbias",
              "counted once for every input channel"},
         })
        strided(row);
    return all;
}

} // namespace handgrad::mutants
