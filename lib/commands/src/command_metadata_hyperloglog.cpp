#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table = of(
    group::hyperloglog,
    {
        about("pfadd", "2.8.9", "Adds elements to an estimate of how many different ones there are",
              "O(1) for each element")
            .in(acl::hyperloglog)
            .with({at(1, rw | inserts)})
            .takes("key:key [element...]"),
        about("pfcount", "2.8.9", "Estimates how many different elements were added to the keys",
              "O(1) for one key with an estimate that is up to date; else O(N), N: keys")
            .in(acl::hyperloglog)
            .with({at(1, rw | accesses)
                       .until(-1, 1)
                       .because("the estimate is kept in the value when there is one key")})
            .takes("key:key..."),
        about("pfdebug", "2.8.9", "Shows how a HyperLogLog is stored, or makes it dense", "O(1)")
            .in(acl::hyperloglog)
            .with({at(2, rw | accesses)})
            .takes("subcommand key:key")
            .for_testing(),
        about("pfmerge", "2.8.9", "Merges HyperLogLogs into one", "O(N), N: keys")
            .in(acl::hyperloglog)
            .with({at(1, rw | accesses | inserts), at(2, ro | accesses).until(-1, 1)})
            .takes("destkey:key sourcekey:key#1..."),
        about("pfselftest", "2.8.9", "Checks that estimates are as good as they should be",
              "O(1), some milliseconds")
            .in(acl::hyperloglog)
            .for_testing(),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows hyperloglog_metadata() { return table; }

}  // namespace hawser::commands
