#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table =
    of(group::set,
       {
           about("sadd", "1.0.0", "Adds members to a set, which is made when it is missing",
                 "O(N), N: members given")
               .in(acl::set)
               .with({at(1, rw | inserts)})
               .takes("key:key member..."),
           about("scard", "1.0.0", "Replies how many members a set has", "O(1)")
               .in(acl::set)
               .with({at(1, ro)})
               .takes("key:key"),
           about("sdiff", "1.0.0", "Replies the members of the first set that are in no other",
                 "O(N), N: members of all sets")
               .in(acl::set)
               .tip("nondeterministic_output_order")
               .with({at(1, ro | accesses).until(-1, 1)})
               .takes("key:key..."),
           about("sdiffstore", "1.0.0", "Stores the members of the first set that are in no other",
                 "O(N), N: members of all sets")
               .in(acl::set)
               .with({at(1, ow | updates), at(2, ro | accesses).until(-1, 1)})
               .takes("destination:key key:key#1..."),
           about("sinter", "1.0.0", "Replies the members that several sets share",
                 "O(N*M), N: members of the smallest set, M: sets")
               .in(acl::set)
               .tip("nondeterministic_output_order")
               .with({at(1, ro | accesses).until(-1, 1)})
               .takes("key:key..."),
           about("sintercard", "7.0.0", "Counts the members that several sets share",
                 "O(N*M), N: members of the smallest set, M: sets")
               .in(acl::set)
               .with({at(1, ro | accesses).counted()})
               .takes("numkeys:integer key:key... [LIMIT=limit:integer]"),
           about("sinterstore", "1.0.0", "Stores the members that several sets share",
                 "O(N*M), N: members of the smallest set, M: sets")
               .in(acl::set)
               .with({at(1, rw | updates), at(2, ro | accesses).until(-1, 1)})
               .takes("destination:key key:key#1..."),
           about("sismember", "1.0.0", "Tells whether a set has a member", "O(1)")
               .in(acl::set)
               .with({at(1, ro)})
               .takes("key:key member"),
           about("smembers", "1.0.0", "Replies all members of a set", "O(N), N: members")
               .in(acl::set)
               .tip("nondeterministic_output_order")
               .with({at(1, ro | accesses)})
               .takes("key:key"),
           about("smismember", "6.2.0", "Tells of several members whether a set has them",
                 "O(N), N: members given")
               .in(acl::set)
               .with({at(1, ro | accesses)})
               .takes("key:key member..."),
           about("smove", "1.0.0", "Takes a member from one set to another", "O(1)")
               .in(acl::set)
               .with({at(1, rw | accesses | deletes), at(2, rw | inserts)})
               .takes("source:key destination:key#1 member"),
           about("spop", "1.0.0", "Takes members chosen at random out of a set and replies them",
                 "O(N), N: members replied")
               .in(acl::set)
               .tip("nondeterministic_output")
               .with({at(1, rw | accesses | deletes)})
               .takes("key:key [count:integer@3.2.0]"),
           about("srandmember", "1.0.0", "Replies members of a set chosen at random",
                 "O(N), N: members replied")
               .in(acl::set)
               .tip("nondeterministic_output")
               .with({at(1, ro | accesses)})
               .takes("key:key [count:integer@2.6.0]"),
           about("srem", "1.0.0", "Takes members out of a set", "O(N), N: members given")
               .in(acl::set)
               .with({at(1, rw | deletes)})
               .takes("key:key member..."),
           about("sscan", "2.8.0", "Goes through the members of a set bit by bit",
                 "O(1) a call, O(N) for all N members")
               .in(acl::set)
               .tip("nondeterministic_output")
               .with({at(1, ro | accesses)})
               .takes("key:key cursor:integer [MATCH=pattern:pattern] [COUNT=count:integer]"),
           about("sunion", "1.0.0", "Replies the members of all of several sets",
                 "O(N), N: members of all sets")
               .in(acl::set)
               .tip("nondeterministic_output_order")
               .with({at(1, ro | accesses).until(-1, 1)})
               .takes("key:key..."),
           about("sunionstore", "1.0.0", "Stores the members of all of several sets",
                 "O(N), N: members of all sets")
               .in(acl::set)
               .with({at(1, ow | updates), at(2, ro | accesses).until(-1, 1)})
               .takes("destination:key key:key#1..."),
       });
static_assert(well_formed(table));

}  // namespace

metadata_rows set_metadata() { return table; }

}  // namespace hawser::commands
