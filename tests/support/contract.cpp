#include "contract.hpp"

#include <limits>

namespace handgrad::testing {

namespace {

// forward and backward give the same bits when they are called again, also after another
// forward and backward in between; gradients are set whatever they held before.
void check_repeats(const AnySubject& subject) {
    auto layer = subject.make<double>();
    const auto y = layer->forward(subject.z);
    const auto gradients = gradients_of<double>(*layer, subject.dy);

    INFO("called again");
    CHECK(same_bits(layer->forward(subject.z), y));
    CHECK(same_bits(gradients_of<double>(*layer, subject.dy), gradients));
    CHECK(same_bits(gradients_of<double>(*layer, subject.dy), gradients));

    INFO("called after forward and backward of something else");
    layer->forward(combined(subject.z, 1, subject.z));
    layer->backward(combined(subject.dy, 1, subject.dy));
    CHECK(same_bits(layer->forward(subject.z), y));
    CHECK(same_bits(gradients_of<double>(*layer, subject.dy), gradients));

    INFO("called when the gradients hold NaN");
    for (auto& parameter : layer->parameters())
        parameter.gradient.fill(std::numeric_limits<double>::quiet_NaN());
    CHECK(same_bits(gradients_of<double>(*layer, subject.dy), gradients));
}

// Neither function changes its argument or a parameter.
void check_changes_nothing(const AnySubject& subject) {
    auto layer = subject.make<double>();
    const auto values = values_of<double>(*layer);
    const auto z = subject.z;
    const auto dy = subject.dy;
    layer->forward(z);
    CHECK(same_bits(z, subject.z));
    CHECK(same_bits(values_of<double>(*layer), values));
    layer->backward(dy);
    CHECK(same_bits(dy, subject.dy));
    CHECK(same_bits(values_of<double>(*layer), values));
}

// y and dz of a batch are the stack of those of its samples; the gradient of a parameter is the
// sum over the samples, which is compared exactly: layers with parameters get whole numbers.
void check_samples_are_separate(const AnySubject& subject) {
    auto layer = subject.make<double>();
    const auto y = layer->forward(subject.z);
    const auto batch = gradients_of<double>(*layer, subject.dy);
    REQUIRE(subject.z.shape(0) >= 2);

    std::vector<Tensor<double>> sum;
    for (const auto& gradient : batch)
        sum.push_back(zeros<double>(shape_of(gradient)));
    for (auto i : range(subject.z.shape(0))) {
        CAPTURE(i);
        auto alone = subject.make<double>();
        CHECK(alone->forward(sample(subject.z, i)) == sample(y, i));
        const auto gradients = gradients_of<double>(*alone, sample(subject.dy, i));
        CHECK(gradients[0] == sample(batch[0], i));
        for (std::size_t place = 1; place < batch.size(); ++place)
            sum[place] = combined(sum[place], 1, gradients[place]);
    }
    for (std::size_t place = 1; place < batch.size(); ++place)
        CHECK(sum[place] == batch[place]);
}

// backward before any forward, and a dy of another shape than y, are refused.
void check_refuses_wrong_calls(const AnySubject& subject, std::string_view who) {
    auto layer = subject.make<double>();
    CHECK(message_of<OrderError>([&] { layer->backward(subject.dy); }) ==
          fmt::format("{}: backward(dy) was called before forward(z), which computes what it needs",
                      who));

    const auto y = layer->forward(subject.z);
    const auto right = shape_of(y);
    auto one_longer = right, one_axis_more = right, one_sample_less = right;
    ++one_longer.back();
    one_axis_more.push_back(1);
    --one_sample_less.front();
    for (const auto& wrong : {one_longer, one_axis_more, one_sample_less})
        CHECK(message_of<ShapeError>([&] { layer->backward(zeros<double>(wrong)); }) ==
              fmt::format("{}: dy is {}, it must be {}, the shape of y", who, text(wrong),
                          text(right)));
}

} // namespace

void check_linear_in_dy(const AnySubject& subject) {
    auto layer = subject.make<double>();
    layer->forward(subject.z);
    const auto a = subject.dy;
    auto b = a;
    std::reverse(b.begin(), b.end());
    const auto from_a = gradients_of<double>(*layer, a);
    const auto from_b = gradients_of<double>(*layer, b);
    const auto from_both = gradients_of<double>(*layer, combined(a, 2, b));
    for (auto place : range(from_a.size()))
        CHECK(from_both[place] == combined(from_a[place], 2, from_b[place]));
}

void check_contract(const AnySubject& subject, std::string_view who) {
    check_repeats(subject);
    check_changes_nothing(subject);
    check_samples_are_separate(subject);
    check_refuses_wrong_calls(subject, who);
}

} // namespace handgrad::testing
