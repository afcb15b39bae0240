#include "playground/url.hpp"
#include "testing.hpp"

namespace handgrad::testing::of_url {
using namespace handgrad::playground;

namespace {

std::string refusal(const std::string& url) {
    return testing::message_of<ValueError>([&] { read_url(url); });
}

// As the site itself writes its address after it was opened with a link of these settings
const std::string written_by_the_site =
    "https://playground.tensorflow.org/"
    "#activation=sigmoid&regularization=L2&batchSize=20&dataset=spiral&regDataset=reg-gauss"
    "&learningRate=0.00001&regularizationRate=0.003&noise=15&networkShape=8,7,6&seed=0.53218"
    "&showTestData=true&discretize=false&percTrainData=70&x=true&y=false&xTimesY=true"
    "&xSquared=false&ySquared=true&cosX=false&sinX=true&cosY=false&sinY=false&collectStats=false"
    "&problem=classification&initZero=false&hideText=false&playButton_hide=true";

} // namespace

TEST_SUITE("url") {
    TEST_CASE("an empty link is the page as it opens") {
        for (const auto* url : {"", "#", "https://playground.tensorflow.org",
                                "https://playground.tensorflow.org/#"}) {
            CAPTURE(url);
            CHECK(read_url(url) == Configuration());
        }
        const Configuration usual;
        CHECK(usual.activation == Activation::tanh);
        CHECK(usual.regularization == Regularization::none);
        CHECK(usual.batch_size == 10);
        CHECK(usual.dataset.key == "circle");
        CHECK(usual.regression_dataset.key == "reg-plane");
        CHECK(usual.learning_rate == 0.03);
        CHECK(usual.network_shape == std::vector<std::size_t>{4, 2});
        CHECK(usual.train_percentage == 50);
        CHECK(usual.used_features().size() == 2);
    }

    TEST_CASE("every key is read") {
        const auto read = read_url(written_by_the_site);
        CHECK(read.activation == Activation::sigmoid);
        CHECK(read.regularization == Regularization::L2);
        CHECK(read.batch_size == 20);
        CHECK(read.dataset.key == "spiral");
        CHECK(read.regression_dataset.key == "reg-gauss");
        CHECK(read.learning_rate == 0.00001);
        CHECK(read.regularization_rate == 0.003);
        CHECK(read.noise == 15);
        CHECK(read.network_shape == std::vector<std::size_t>{8, 7, 6});
        CHECK(read.seed == "0.53218");
        CHECK(read.train_percentage == 70);
        CHECK(read.inputs == std::array{true, false, false, true, true, true, false});
        CHECK(read.problem == Problem::classification);
        CHECK_FALSE(read.init_zero);
    }

    TEST_CASE("a link that the site wrote comes out letter by letter") {
        CHECK(write_url(read_url(written_by_the_site)) == written_by_the_site);
    }

    TEST_CASE("a link comes out unchanged in meaning, twice") {
        for (const std::string url :
             {"", "#seed=0.1", "#networkShape=", "#networkShape=16,1&noise=12.5",
              "#problem=regression&regDataset=reg-gauss&activation=linear", "#initZero=true",
              "#regularization=none&learningRate=1e-7&tutorial=intro", "#xSquared_hide=true",
              "#x=false&sinY=true&percTrainData=33.3&hideText=true",
              "#batchSize=1200&seed=a%20b"}) {
            CAPTURE(url);
            const auto once = read_url(url);
            CHECK(read_url(write_url(once)) == once);
            CHECK(write_url(read_url(write_url(once))) == write_url(once));
        }
    }

    TEST_CASE("any of a thousand random configurations survives its link") {
        Random random("configurations");
        const auto below = [&](double end) { return static_cast<std::size_t>(random() * end); };
        for (int trial = 0; trial < 1000; ++trial) {
            Configuration configuration;
            configuration.activation = activations[below(4)].value;
            configuration.regularization = regularizations[below(3)].value;
            configuration.batch_size = 1 + below(1200);
            configuration.dataset = classification_datasets[below(4)];
            configuration.regression_dataset = regression_datasets[below(2)];
            configuration.learning_rate = std::pow(10, 10 * random() - 8);
            configuration.regularization_rate = random();
            configuration.noise = 80 * random();
            configuration.network_shape.assign(below(7), 1 + below(100));
            configuration.seed = std::to_string(random());
            configuration.train_percentage = 1 + 98 * random();
            for (auto& input : configuration.inputs)
                input = random() < 0.5;
            configuration.inputs[below(7)] = true;
            configuration.problem = problems[below(2)].value;
            configuration.init_zero = random() < 0.5;
            CAPTURE(write_url(configuration));
            CHECK(read_url(write_url(configuration)) == configuration);
        }
    }

    TEST_CASE("what the site ignores is ignored") {
        CHECK(read_url("#colour=red&dataset=xor&&foo_hide=false") == read_url("dataset=xor"));
        // The last of two counts, no value is the usual value
        CHECK(read_url("#batchSize=5&batchSize=7").batch_size == 7);
        CHECK(read_url("#batchSize=5&batchSize=").batch_size == 10);
        CHECK(read_url("#networkShape=").network_shape.empty());
    }

    TEST_CASE("a hidden control takes its input away") {
        const auto used = read_url("#sinX=true&x_hide=true").used_features();
        REQUIRE(used.size() == 2);
        CHECK(used[0].key == "y");
        CHECK(used[1].key == "sinX");
    }

    TEST_CASE("a seed is what a browser makes of it") {
        CHECK(read_url("#seed=a b").seed == "a%20b");
        CHECK(read_url("#seed=é").seed == "%C3%A9");
        CHECK(read_url("#seed=a%41b").seed == "a%41b");
        CHECK(read_url(" \n#seed=a\tb\r\n ").seed == "ab");
        // The site cuts at every =
        CHECK(read_url("#seed=a=b&noise=5==").seed == "a");
        CHECK(read_url("#seed=a=b&noise=5==").noise == 5);
    }

    TEST_CASE("a malformed value is refused with a sentence") {
        CHECK(refusal("#learningRate=fast") ==
              "learningRate is \"fast\", it may be a number from 0 to 1000000");
        for (const std::string value : {"-1", "nan", "inf", "0x10", "1,5", "1e999", "3%", "--1"}) {
            CHECK(refusal("#learningRate=" + value) ==
                  "learningRate is \"" + value + "\", it may be a number from 0 to 1000000");
            CHECK(refusal("#regularizationRate=" + value) ==
                  "regularizationRate is \"" + value + "\", it may be a number from 0 to 1000000");
        }
        for (const std::string value : {"0", "2.5", "1201", "ten"})
            CHECK(refusal("#batchSize=" + value) ==
                  "batchSize is \"" + value + "\", it may be a whole number from 1 to 1200");
        for (const std::string value : {"-5", "81", "much"})
            CHECK(refusal("#noise=" + value) ==
                  "noise is \"" + value + "\", it may be a number from 0 to 80 (per cent)");
        for (const std::string value : {"0", "100", "150", "half"})
            CHECK(refusal("#percTrainData=" + value) ==
                  "percTrainData is \"" + value + "\", it may be a number from 1 to 99 (per cent)");
        for (const std::string value : {"0", "4,0", "1000", "4,", ",4", "4,,2", "4.5", "four",
                                        "8x8", "-1", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"}) {
            CAPTURE(value);
            CHECK(refusal("#networkShape=" + value)
                      .find("it may be whole numbers from 1 to 100 "
                            "with commas between, one a hidden "
                            "layer, at most 20") != std::string::npos);
        }
    }

    TEST_CASE("a name that nothing answers to is refused with the known ones") {
        CHECK(refusal("#activation=Tanh") ==
              "activation is \"Tanh\", it may be one of relu, tanh, sigmoid, linear");
        CHECK(refusal("#regularization=l1") ==
              "regularization is \"l1\", it may be one of none, L1, L2");
        CHECK(refusal("#dataset=spirals") ==
              "dataset is \"spirals\", it may be one of circle, xor, gauss, spiral");
        CHECK(refusal("#regDataset=gauss") ==
              "regDataset is \"gauss\", it may be one of reg-plane, reg-gauss");
        CHECK(refusal("#problem=both") ==
              "problem is \"both\", it may be one of classification, regression");
        for (const std::string key : {"x", "y", "xTimesY", "xSquared", "ySquared", "sinX", "sinY",
                                      "initZero", "showTestData", "cosX"})
            CHECK(refusal("#" + key + "=1") == key + " is \"1\", it may be true or false");
    }

    TEST_CASE("a network without inputs is refused") {
        CHECK(refusal("#x=false&y=false") ==
              "no input is on; at least one of x, y, xSquared, ySquared, xTimesY, sinX, sinY must "
              "be true and not hidden");
        CHECK(refusal("#x=false&y_hide=true") == refusal("#x=false&y=false"));
    }

    TEST_CASE("a link may lack what a browser would add") {
        const auto expected = read_url("#dataset=xor&seed=7");
        for (const std::string url :
             {"https://playground.tensorflow.org/#dataset=xor&seed=7",
              "http://playground.tensorflow.org/#dataset=xor&seed=7",
              "playground.tensorflow.org#dataset=xor&seed=7",
              "https://playground.tensorflow.org/?from=mail&x=1#dataset=xor&seed=7",
              "dataset=xor&seed=7", "seed=7&dataset=xor&from=a/b"}) {
            CAPTURE(url);
            CHECK(read_url(url) == expected);
        }
    }

    TEST_CASE("what is no link at all is refused, in a short sentence") {
        // Without a #, or with one that was written %23, the site would show what it always shows
        for (const std::string url :
             {"https://playground.tensorflow.org/?dataset=xor&seed=7",
              "https://playground.tensorflow.org/%23dataset=xor", "https://example.com/?x=1",
              "https://playground.tensorflow.org.example.com/#dataset=xor", "spiral", "a#b",
              "ftp://playground.tensorflow.org/#dataset=xor", "://#=", "?#dataset=xor"}) {
            CAPTURE(url);
            CHECK(refusal(url).find("it may be https://playground.tensorflow.org/#key=value") !=
                  std::string::npos);
        }
        // What a terminal might obey is not printed
        CHECK(refusal("a\x1b[2J\x07é#").find("the link is \"a%1B[2J%07%C3%A9#\"") == 0);
        CHECK(refusal("http://example.com/#dataset=xor") ==
              "the link is \"http://example.com/#dataset=xor\", it may be "
              "https://playground.tensorflow.org/#key=value&key=value…");
        CHECK(refusal("#spiral") ==
              "the link has \"spiral\", it may have key=value, with & between");
        CHECK(refusal(std::string(10000, '%')).size() < 200);
        CHECK(refusal("#" + std::string(10000, 'j')).size() < 200);
        CHECK(refusal("#networkShape=" + std::string(10000, '9')).size() < 200);
    }
}

} // namespace handgrad::testing::of_url
