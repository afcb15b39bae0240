// What every page of the book reads, read once.

#include "handgrad.hpp"
#include "printed.hpp"
#include "testing.hpp"
