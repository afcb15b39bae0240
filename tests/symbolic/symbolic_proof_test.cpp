// Proofs of backward passes

#include "handgrad.hpp"
#include "oracles/symbolic_proof.hpp"

#include "testing.hpp"

namespace handgrad::testing {
namespace {

TEST_SUITE("symbolic_proof") {
    TEST_CASE("conv2d on the hint's shape") {
        const auto proof = symbolic_proof(
            recipe<Conv2d>(signed_numbers({1, 1, 2, 2}), signed_numbers({1}), Conv2dOptions{}),
            signed_numbers({1, 1, 3, 3}));
        CHECK(to_text(proof) == "conv2d, z (1, 1, 3, 3), weight (1, 1, 2, 2), bias (1): proven\n"
                                "  dz 9 of 9, dweight 4 of 4, dbias 1 of 1\n"
                                "  for all numbers\n");
    }
}

} // namespace
} // namespace handgrad::testing
