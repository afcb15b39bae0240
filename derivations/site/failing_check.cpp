// A check that fails, for the site: what it prints, its JSON and its heat map, in files of a
// folder.

#include "handgrad.hpp"

#include <fstream>
#include <iostream>
#include <string>

namespace {

using namespace handgrad;

//! [layer]
// A convolution with stride 2 and dz derived by hand
template <class T>
struct MyConvolution : Conv2d<T> {
    using Conv2d<T>::Conv2d;

    Tensor<T> backward(const Tensor<T>& dy) {
        // dweight and dbias are those of the library
        auto dz = zeros<T>(shape_of(Conv2d<T>::backward(dy)));
        const auto& weight = this->weight;
        for (auto i : range(dy.shape(0)))
            for (auto j : range(dy.shape(1)))
                for (auto h : range(dy.shape(2)))
                    for (auto w : range(dy.shape(3)))
                        for (auto k : range(weight.shape(1)))
                            for (auto m : range(weight.shape(2)))
                                for (auto n : range(weight.shape(3)))
                                    dz(i, k, 2 * h + m, 2 * w + n) =
                                        dy(i, j, h, w) * weight(j, k, m, n);
        return dz;
    }
};
//! [layer]

CheckReport failing_check() {
    //! [check]
    Draw draw(1);
    const auto z = readable_probe({2, 3, 8, 8}, draw);
    const auto weight = readable_probe({1, 3, 3, 3}, draw);
    const auto bias = readable_probe({1}, draw);
    const Conv2dOptions options{.stride = {2, 2}};
    const auto my_convolution = recipe<MyConvolution>(weight, bias, options);

    const auto report = check(my_convolution, z);
    //! [check]
    return report;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "failing_check: give the folder to write to\n";
        return 2;
    }
    const std::string folder = argv[1];
    const auto report = failing_check();
    std::ofstream(folder + "/failing_check.txt") << to_text(report, Colour::Always);
    std::ofstream(folder + "/failing_check.json") << to_json({report});
    std::ofstream(folder + "/checker-failing.svg") << to_svg(report);
    return report.passed() ? 1 : 0;
}
