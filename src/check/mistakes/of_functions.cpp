// Mistakes with the derivative of a function: tanh, sigmoid, ReLU, softmax

#include "gradients.hpp"

#include <cmath>

namespace handgrad::mistakes {

namespace {

// y(a) (dy(a) − Σ dy(b) y(b)) over rows of K entries, with a mistake
void suspect_softmax(Catalogue& all, const Evidence& e) {
    const auto K = e.y.shape(e.y.dimension() - 1);
    // Each entry of dz from its dy, its y, Σ dy(b) y(b) and Σ dy(b)
    const auto add = [&](const char* name, const char* sentence, std::size_t row_size, auto entry) {
        all.push_back({name, sentence, [&e, row_size, entry] {
                           auto dz = e.dy;
                           for (auto row : range(dz.size() / row_size)) {
                               double mean = 0, sum = 0;
                               for (auto b : range(row_size)) {
                                   const auto at = row * row_size + b;
                                   mean += e.dy.flat(at) * e.y.flat(at);
                                   sum += e.dy.flat(at);
                               }
                               for (auto a : range(row_size)) {
                                   const auto at = row * row_size + a;
                                   dz.flat(at) = entry(e.dy.flat(at), e.y.flat(at), mean, sum);
                               }
                           }
                           return dz;
                       }});
    };
    add("mean subtracted outside",
        "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here the sum is not multiplied by y(a).", K,
        [](double dy, double y, double mean, double) { return y * dy - mean; });
    add("sum not weighted by y", "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here the sum is Σ dy(b).",
        K, [](double dy, double y, double, double sum) { return y * (dy - sum); });
    add("sum added", "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here the sum is added.", K,
        [](double dy, double y, double mean, double) { return y * (dy + mean); });
    add("sum divided by K",
        "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); the weights y(b) make the sum a mean already.", K,
        [k = static_cast<double>(K)](double dy, double y, double mean, double) {
            return y * (dy - mean / k);
        });
    add("mean of dy subtracted",
        "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here the sum is Σ dy(b) / K.", K,
        [k = static_cast<double>(K)](double dy, double y, double, double sum) {
            return y * (dy - sum / k);
        });
    add("wrong sign off the diagonal",
        "∂y(a)/∂z(b) is −y(a) y(b) where a and b differ; here it is y(a) y(b).", K,
        [](double dy, double y, double mean, double) { return y * (dy - 2 * y * dy + mean); });
    add("only the sum", "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here dy(a) is forgotten.", K,
        [](double, double y, double mean, double) { return -y * mean; });
    if (e.y.dimension() == 2)
        all.push_back({"sum along the wrong axis",
                       "the sum Σ dy(b) y(b) runs over the entries of one sample, not over the "
                       "samples.",
                       [&e] {
                           auto dz = e.dy;
                           for (auto a : range(dz.shape(1))) {
                               double sum = 0;
                               for (auto i : range(dz.shape(0)))
                                   sum += e.dy(i, a) * e.y(i, a);
                               for (auto i : range(dz.shape(0)))
                                   dz(i, a) = e.y(i, a) * (e.dy(i, a) - sum);
                           }
                           return dz;
                       }});
    add("leading y left out", "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here y(a) is forgotten.", K,
        [](double dy, double, double mean, double) { return dy - mean; });
    add("sum over the whole batch", "the sum Σ dy(b) y(b) runs over one row, not over all.",
        e.dy.size(), [](double dy, double y, double mean, double) { return y * (dy - mean); });
    add("y − dy", "y minus the target is the gradient of softmax and cross-entropy together.", K,
        [](double dy, double y, double, double) { return y - dy; });
}

// Is the right gradient dy times this derivative, in every entry?
template <class Derivative>
bool is_derivative(const Evidence& e, const Gradient& right, Derivative derivative) {
    for (auto i : range(right.size()))
        if (!(std::abs(right.flat(i) - e.dy.flat(i) * derivative(e.y.flat(i))) <=
              10 * e.precision * std::abs(e.dy.flat(i))))
            return false;
    return true;
}

} // namespace

void suspect_elementwise(Catalogue& all, const Evidence& e, std::size_t place,
                         const Gradient& right) {
    const auto& z = e.inputs[0];
    if (place != 0 || e.inputs.size() != 1 || shape_of(z) != shape_of(e.y) || z.dimension() == 0)
        return;
    const auto add = [&](const char* name, const char* sentence,
                         double (*derivative)(double z, double y)) {
        all.push_back({name, sentence, [&e, &z, derivative] {
                           auto dz = e.dy;
                           for (auto i : range(dz.size()))
                               dz.flat(i) *= derivative(z.flat(i), e.y.flat(i));
                           return dz;
                       }});
    };
    const bool is_tanh = is_derivative(e, right, [](double y) { return 1 - y * y; });
    const bool is_sigmoid = is_derivative(e, right, [](double y) { return y * (1 - y); });
    add("derivative left out", "dz is dy as it came; multiply by the derivative.",
        [](double, double) { return 1.0; });
    if (is_tanh) {
        add("1 − z² for 1 − y²", "the derivative of tanh is 1 − y², in the output.",
            [](double z, double) { return 1 - z * z; });
        add("the derivative at y instead of z",
            "tanh is applied twice: y is already tanh(z), so the "
            "derivative is 1 − y².",
            [](double, double y) { return 1 - std::tanh(y) * std::tanh(y); });
        add("1 − y for 1 − y²", "the square of y is forgotten.",
            [](double, double y) { return 1 - y; });
        add("1 + y² for 1 − y²", "the sign of the square is wrong.",
            [](double, double y) { return 1 + y * y; });
        add("y² for 1 − y²", "the derivative of tanh is 1 − y².",
            [](double, double y) { return y * y; });
    } else if (is_elementwise(e)) {
        add("the derivative of tanh", "1 − y² belongs to tanh.",
            [](double, double y) { return 1 - y * y; });
    }
    if (is_sigmoid) {
        add("z (1 − z) for y (1 − y)", "the derivative of sigmoid is y (1 − y), in the output.",
            [](double z, double) { return z * (1 - z); });
        add("sigmoid applied twice", "y is already sigmoid(z), so the derivative is y (1 − y).",
            [](double, double y) {
                const double s = 1 / (1 + std::exp(-y));
                return s * (1 - s);
            });
        add("1 − y for y (1 − y)", "the factor y is forgotten.",
            [](double, double y) { return 1 - y; });
        add("y (1 + y) for y (1 − y)", "the sign in the bracket is wrong.",
            [](double, double y) { return y * (1 + y); });
    } else if (is_elementwise(e)) {
        add("the derivative of sigmoid", "y (1 − y) belongs to sigmoid.",
            [](double, double y) { return y * (1 - y); });
    }
    all.push_back(
        {"derivative squared", "the derivative enters twice; multiply by it once.", [&e, right] {
             return elementwise(right, e.dy, [](double right, double dy) {
                 return dy == 0 ? 0 : right * right / dy;
             });
         }});
    add("y for the derivative", "y is used where its derivative belongs.",
        [](double, double y) { return y; });
    add("z for the derivative", "z is used where the derivative belongs.",
        [](double z, double) { return z; });
    add("sign of z for the gate", "negative z passes −dy on; it must pass nothing.",
        [](double z, double) { return z > 0   ? 1.0
                                      : z < 0 ? -1.0
                                              : 0.0; });
    add("gate the wrong way round", "the gradient passes where z < 0; it must pass where z > 0.",
        [](double z, double) { return z < 0 ? 1.0 : 0.0; });
    all.push_back(
        {"gated by dy instead of z",
         "the gradient passes where dy > 0; it must pass where "
         "z > 0.",
         [&e] { return elementwise(e.dy, [](double dy) { return std::max(dy, 0.0); }); }});
    all.push_back({"gated by both dy and z",
                   "the gradient passes where z > 0 and dy > 0; the sign of "
                   "dy does not matter.",
                   [&e, &z] {
                       return elementwise(e.dy, z, [](double dy, double z) {
                           return z > 0 ? std::max(dy, 0.0) : 0.0;
                       });
                   }});
    // The Jacobian of a layer that mixes the entries of a row
    all.push_back({"only the diagonal of the Jacobian",
                   "each entry of z moves every entry of its row of y; sum over all of them.",
                   [&e] {
                       auto dz = zeros<double>(shape_of(e.dy));
                       for (auto j : range(e.dy.size()))
                           for (auto [at, end] = e.structure.row(j); at != end; ++at)
                               if (e.structure.input[at] == j)
                                   dz.flat(j) = e.dy.flat(j) * e.jacobian[at];
                       return dz;
                   }});
    suspect_softmax(all, e);
}

} // namespace handgrad::mistakes
