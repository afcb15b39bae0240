// What the tests of the Playground and of the studies read, read once.

#include "playground/trainer.hpp"
#include "playground/url.hpp"
#include "study/results.hpp"
#include "testing.hpp"

#include <nlohmann/json.hpp>
