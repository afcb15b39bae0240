#include "layers/linear.hpp"
#include "spoiled.hpp"

namespace handgrad::mutants {

namespace of_linear {

template <class T>
class LinearMutant : public Spoiled<Linear<T>, T> {
    using Base = Spoiled<Linear<T>, T>;

public:
    using Base::Base;

    Tensor<T> backward(const Tensor<T>& dy) {
        auto dz = Base::backward(dy);
        const auto N = dy.shape(0), d_out = weight.shape(0), d_in = weight.shape(1);

        // Wrong in dz alone
        if (is("weight not transposed"))
            return product(dy, [&](auto j, auto k) { return weight(k, j); });
        if (is("weight left out of dz"))
            return product(dy, [](auto, auto) { return T(1); });
        if (is("dz reads row 0 of weight"))
            return product(dy, [&](auto, auto k) { return weight(0, k); });
        if (is("dz of output 0 only"))
            return product(dy, [&](auto j, auto k) { return j == 0 ? weight(j, k) : T(0); });
        if (is("dz overwritten"))
            return product(dy,
                           [&](auto j, auto k) { return j + 1 == d_out ? weight(j, k) : T(0); });
        if (is("last output left out of dz"))
            return product(dy, [&](auto j, auto k) { return j + 1 < d_out ? weight(j, k) : T(0); });
        if (is("bias added to dz"))
            for (auto i : range(N))
                for (auto k : range(d_in))
                    dz(i, k) += this->bias(k);
        if (is("weight updated before dz"))
            return product(
                dy, [&](auto j, auto k) { return weight(j, k) - T(0.1) * this->dweight(j, k); });
        if (is("dz times z"))
            for (auto position : range(dz.size()))
                dz.flat(position) *= z.flat(position);
        if (is("dz divided by d_out"))
            for (auto& entry : dz)
                entry = entry / T(d_out);

        // Wrong in dweight alone
        const auto right = this->dweight;
        if (is("dweight transposed"))
            for (auto j : range(d_out))
                for (auto k : range(d_in))
                    this->dweight(j, k) = right(k, j);
        if (is("dweight overwritten by the last sample"))
            outer(dy, [&](auto i, auto k) { return i + 1 == N ? z(i, k) : T(0); });
        if (is("dweight of the first sample"))
            outer(dy, [&](auto i, auto k) { return i == 0 ? z(i, k) : T(0); });
        if (is("dweight reads sample 0"))
            outer(dy, [&](auto, auto k) { return z(0, k); });
        if (is("z left out of dweight"))
            outer(dy, [](auto, auto) { return T(1); });
        if (is("y for z in dweight"))
            outer(dy, [&](auto i, auto k) { return y(i, k); });
        if (is("z squared in dweight"))
            outer(dy, [&](auto i, auto k) { return z(i, k) * z(i, k); });
        if (is("dweight a mean over the batch"))
            for (auto& entry : this->dweight)
                entry = entry / T(N);
        if (is("dweight with weight decay"))
            for (auto position : range(weight.size()))
                this->dweight.flat(position) += T(0.01) * weight.flat(position);
        if (is("dweight shifted by one column"))
            for (auto j : range(d_out))
                for (auto k : range(d_in))
                    this->dweight(j, k) = k > 0 ? right(j, k - 1) : T(0);

        // Wrong in dbias alone
        if (is("dbias not summed over the batch"))
            for (auto j : range(d_out))
                this->dbias(j) = dy(0, j);
        if (is("dbias a mean over the batch"))
            for (auto& entry : this->dbias)
                entry = entry / T(N);
        if (is("dbias summed along the wrong axis"))
            for (auto i : range(N)) {
                T sum = T(0);
                for (auto j : range(d_out))
                    sum += dy(i, j);
                this->dbias(i) = sum;
            }
        if (is("dbias one number"))
            for (auto j : range(d_out)) {
                T sum = T(0);
                for (const auto& entry : dy)
                    sum += entry;
                this->dbias(j) = sum;
            }
        if (is("dbias times bias"))
            for (auto j : range(d_out))
                this->dbias(j) *= this->bias(j);
        return Base::expect_known(dz);
    }

private:
    using Base::is;
    using Base::y;
    using Base::z;
    using Linear<T>::weight;

    // dz(i, k) = Σ_j dy(i, j) other(j, k)
    template <class Weight>
    Tensor<T> product(const Tensor<T>& dy, Weight other) const {
        auto dz = zeros<T>({dy.shape(0), weight.shape(1)});
        for (auto i : range(dz.shape(0)))
            for (auto j : range(weight.shape(0)))
                for (auto k : range(weight.shape(1)))
                    dz(i, k) += dy(i, j) * other(j, k);
        return dz;
    }

    // dweight(j, k) = Σ_i dy(i, j) other(i, k)
    template <class Input>
    void outer(const Tensor<T>& dy, Input other) {
        this->dweight = zeros<T>(shape_of(weight));
        for (auto i : range(dy.shape(0)))
            for (auto j : range(weight.shape(0)))
                for (auto k : range(weight.shape(1)))
                    this->dweight(j, k) += dy(i, j) * other(i, k);
    }
};

} // namespace of_linear

using namespace of_linear;

std::vector<Mutant> linear_mutants() {
    Draw draw(3);
    std::vector<Mutant> all;

    // d_in and d_out are equal, so that weight can be read transposed
    const auto z = readable_probe({2, 3}, draw);
    const auto weight = readable_probe({3, 3}, draw), bias = readable_probe({3}, draw);
    const auto square = [&](const Row& row) {
        all.push_back(mutant<LinearMutant>("square", row, z, weight, bias));
    };
    square({"right"});
    for (const auto& row : rows_of_any_layer())
        square(row);
    for (const auto& row : rows_of_any_memory("dweight"))
        square(row);
    for (const auto& row : rows_of_any_parameters())
        square(row);
    for (const auto& row : std::vector<Row>{
             {"weight not transposed", "dz", "weight not transposed"},
             {"one output with the wrong sign", "dz", "an output with another factor"},
             {"weight left out of dz", "dz", "weight ignored"},
             {"dz reads row 0 of weight", "dz", "first row of weight for all"},
             {"dz of output 0 only", "dz", "only the first output"},
             {"dz overwritten", "dz", "only the last output"},
             {"last output left out of dz", "dz", "the last output forgotten"},
             {"bias added to dz", "dz", "bias added"},
             {"weight updated before dz", "dz", "weight updated first"},
             {"dz times z", "dz", "multiplied by z once more"},
             {"dweight transposed", "dweight", "transposed"},
             {"dweight overwritten by the last sample", "dweight", "only the last sample"},
             {"dweight of the first sample", "dweight", "only the first sample"},
             {"dweight reads sample 0", "dweight", "z of sample 0 for all"},
             {"z left out of dweight", "dweight", "z ignored"},
             {"y for z in dweight", "dweight", "y for z"},
             {"z squared in dweight", "dweight", "z squared"},
             {"dweight a mean over the batch", "dweight", "mean over the batch"},
             {"dweight with weight decay", "dweight", "weight decay added"},
             {"dweight shifted by one column", "dweight", "shifted by 0 rows and 1 columns"},
             {"dbias not summed over the batch", "dbias", "only the first sample"},
             {"dbias a mean over the batch", "dbias", "mean over the batch"},
             {"dbias one number", "dbias", "summed over its first axis too"},
             {"dbias times bias", "dbias", "multiplied by the parameter"},
         })
        square(row);

    // As many samples as outputs
    const auto samples = readable_probe({3, 3}, draw);
    for (const auto& row : std::vector<Row>{
             {"right"},
             {"dbias summed along the wrong axis", "dbias", "summed along the wrong axis"},
         })
        all.push_back(mutant<LinearMutant>("cube", row, samples, weight, bias));

    const auto wide = readable_probe({2, 5}, draw), weights = readable_probe({4, 5}, draw);
    const auto biases = readable_probe({4}, draw);
    for (const auto& row : std::vector<Row>{
             {"right"},
             {"dweight shifted by one column", "dweight", "shifted by 0 rows and 1 columns"},
             {"dz divided by d_out", "dz", "mean over the outputs"},
             {"wrong in the last row and column", "dz", "a factor of 1.000001 in some entries"},
         })
        all.push_back(mutant<LinearMutant>("4 × 5", row, wide, weights, biases));

    // One entry of a thousand
    const auto large = readable_probe({1, 1000}, draw),
               row_of_weight = readable_probe({1, 1000}, draw);
    for (const auto& row : std::vector<Row>{{"right"}, {"one entry wrong", "dz"}})
        all.push_back(mutant<LinearMutant>("1000 inputs", row, large, row_of_weight,
                                           readable_probe({1}, draw)));
    return all;
}

} // namespace handgrad::mutants
