#include "known_layers.hpp"

// Compiles a layer, as it computes in double and in float32
#define HANDGRAD_COMPILED_HERE(...)                                                                \
    template class MakerOf<RecipeOf<__VA_ARGS__>>;                                                 \
    template class FloatMakerOf<RecipeOf<__VA_ARGS__>>

namespace handgrad {

HANDGRAD_KNOWN_LAYERS(HANDGRAD_COMPILED_HERE);

} // namespace handgrad
