// What nearly every test reads, read once. Each test still names what it needs: meson setup
// -Db_pch=false builds without this.

#include "contract.hpp"
#include "derivatives.hpp"
#include "handgrad.hpp"
#include "random.hpp"
#include "rounding.hpp"
#include "subject.hpp"
#include "testing.hpp"
