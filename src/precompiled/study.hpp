// What the studies read, read once. Each source still names what it needs.

#include "../playground/trainer.hpp"
#include "../playground/url.hpp"
#include "../study/run.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
