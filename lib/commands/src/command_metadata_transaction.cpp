#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table =
    of(group::transactions,
       {
           about("discard", "2.0.0", "Ends a transaction without executing it",
                 "O(N), N: queued commands")
               .in(acl::transaction),
           about("exec", "1.2.0", "Executes a transaction", "Depends on the queued commands")
               .in(acl::transaction),
           about("multi", "1.2.0", "Begins a transaction", "O(1)").in(acl::transaction),
           about("undo", "7.4.0", "Takes the newest commands back from a transaction's queue",
                 "O(N), N: commands taken back")
               .in(acl::transaction)
               .takes("[count:integer]"),
           about("unwatch", "2.2.0", "Forgets the watched keys", "O(N), N: watched keys")
               .in(acl::transaction),
           about("watch", "2.2.0", "Makes a transaction depend on keys staying as they are",
                 "O(N), N: keys")
               .in(acl::transaction)
               .with({at(1, ro).until(-1, 1)})
               .takes("key:key..."),
       });
static_assert(well_formed(table));

}  // namespace

metadata_rows transaction_metadata() { return table; }

}  // namespace hawser::commands
