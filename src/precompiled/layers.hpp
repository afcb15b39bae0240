// What nearly every source of the library reads, read once. Each still names what it needs: meson
// setup -Db_pch=false builds without this.

#include "../oracles/any_layer.hpp"
