// Every layer and loss of the project is proven

#include "check/proofs.hpp"

#include "testing.hpp"

namespace handgrad::testing::of_proofs {
namespace {

TEST_SUITE("proofs") {
    TEST_CASE("every layer and loss") {
        for (const auto& subject : proof_subjects()) {
            CAPTURE(subject.name);
            const auto proofs = subject.prove();
            CHECK(proofs.size() >= 2);
            for (const auto& regions : proofs) {
                CAPTURE(to_text(regions));
                CHECK(regions.verdict() == ProofVerdict::Proven);
            }
            // The small configuration is proven everywhere
            CHECK(proofs.front().complete);
        }
    }

    TEST_CASE("an unknown name") {
        CHECK(message_of<NameError>([] { proof_subject("conv3d"); }) ==
              "there is no layer \"conv3d\"; there are linear, conv2d, max_pool2d, tanh, relu, "
              "sigmoid, softmax, flatten, squared_error, cross_entropy");
    }
}

} // namespace
} // namespace handgrad::testing::of_proofs
