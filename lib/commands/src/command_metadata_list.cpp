#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table = of(
    group::list,
    {
        about("blmove", "6.2.0",
              "Takes an element from one end of a list, waiting for one if need be, to an end of "
              "another",
              "O(1)")
            .in(acl::list | acl::blocking)
            .with({at(1, rw | accesses | deletes), at(2, rw | inserts)})
            .takes("source:key destination:key#1 wherefrom(LEFT|RIGHT) whereto(LEFT|RIGHT) "
                   "timeout:double"),
        about("blmpop", "7.0.0",
              "Takes elements out of the first list that has any, waiting for one if need be",
              "O(N+M), N: keys, M: elements replied")
            .in(acl::list | acl::blocking)
            .with({at(2, rw | accesses | deletes).counted()})
            .takes("timeout:double numkeys:integer key:key... where(LEFT|RIGHT) "
                   "[COUNT=count:integer]"),
        about("blpop", "2.0.0",
              "Takes the first element out of the first list that has any, waiting for one if need "
              "be",
              "O(N), N: keys")
            .in(acl::list | acl::blocking)
            .with({at(1, rw | accesses | deletes).until(-2, 1)})
            .takes("key:key... timeout:double"),
        about(
            "brpop", "2.0.0",
            "Takes the last element out of the first list that has any, waiting for one if need be",
            "O(N), N: keys")
            .in(acl::list | acl::blocking)
            .with({at(1, rw | accesses | deletes).until(-2, 1)})
            .takes("key:key... timeout:double"),
        about(
            "brpoplpush", "2.2.0",
            "Takes the last element of a list, waiting for one if need be, to the front of another",
            "O(1)")
            .in(acl::list | acl::blocking)
            .with({at(1, rw | accesses | deletes), at(2, rw | inserts)})
            .takes("source:key destination:key#1 timeout:double")
            .deprecated("6.2.0", "`BLMOVE` with the `RIGHT` and `LEFT` arguments"),
        about("lindex", "1.0.0", "Replies the element at an index of a list",
              "O(N), N: elements between it and the nearer end")
            .in(acl::list)
            .with({at(1, ro | accesses)})
            .takes("key:key index:integer"),
        about("linsert", "2.2.0", "Puts an element before or after another one",
              "O(N), N: elements up to that one")
            .in(acl::list)
            .with({at(1, rw | inserts)})
            .takes("key:key where(BEFORE|AFTER) pivot element"),
        about("llen", "1.0.0", "Replies how many elements a list has", "O(1)")
            .in(acl::list)
            .with({at(1, ro)})
            .takes("key:key"),
        about("lmove", "6.2.0", "Takes an element from one end of a list to an end of another",
              "O(1)")
            .in(acl::list)
            .with({at(1, rw | accesses | deletes), at(2, rw | inserts)})
            .takes("source:key destination:key#1 wherefrom(LEFT|RIGHT) whereto(LEFT|RIGHT)"),
        about("lmpop", "7.0.0", "Takes elements out of the first list that has any",
              "O(N+M), N: keys, M: elements replied")
            .in(acl::list)
            .with({at(1, rw | accesses | deletes).counted()})
            .takes("numkeys:integer key:key... where(LEFT|RIGHT) [COUNT=count:integer]"),
        about("lpop", "1.0.0", "Takes the first elements out of a list and replies them",
              "O(N), N: elements replied")
            .in(acl::list)
            .with({at(1, rw | accesses | deletes)})
            .takes("key:key [count:integer@6.2.0]"),
        about("lpos", "6.0.6", "Replies where in a list an element is",
              "O(N), N: elements looked at")
            .in(acl::list)
            .with({at(1, ro | accesses)})
            .takes("key:key element [RANK=rank:integer] [COUNT=num-matches:integer] "
                   "[MAXLEN=len:integer]"),
        about("lpush", "1.0.0",
              "Adds elements to the front of a list, which is made when it is missing",
              "O(N), N: elements given")
            .in(acl::list)
            .with({at(1, rw | inserts)})
            .takes("key:key element..."),
        about("lpushx", "2.2.0", "Adds elements to the front of a list if there is one",
              "O(N), N: elements given")
            .in(acl::list)
            .with({at(1, rw | inserts)})
            .takes("key:key element..."),
        about("lrange", "1.0.0", "Replies the elements of a list from one index to another",
              "O(S+N), S: elements between the first and the nearer end, N: elements replied")
            .in(acl::list)
            .with({at(1, ro | accesses)})
            .takes("key:key start:integer stop:integer"),
        about("lrem", "1.0.0", "Takes elements that are equal to a given one out of a list",
              "O(N), N: elements")
            .in(acl::list)
            .with({at(1, rw | deletes)})
            .takes("key:key count:integer element"),
        about("lset", "1.0.0", "Puts another element in the place of one",
              "O(N), N: elements between it and the nearer end")
            .in(acl::list)
            .with({at(1, rw | updates)})
            .takes("key:key index:integer element"),
        about("ltrim", "1.0.0", "Keeps the elements of a list from one index to another",
              "O(N), N: elements that go")
            .in(acl::list)
            .with({at(1, rw | deletes)})
            .takes("key:key start:integer stop:integer"),
        about("rpop", "1.0.0", "Takes the last elements out of a list and replies them",
              "O(N), N: elements replied")
            .in(acl::list)
            .with({at(1, rw | accesses | deletes)})
            .takes("key:key [count:integer@6.2.0]"),
        about("rpoplpush", "1.2.0", "Takes the last element of a list to the front of another",
              "O(1)")
            .in(acl::list)
            .with({at(1, rw | accesses | deletes), at(2, rw | inserts)})
            .takes("source:key destination:key#1")
            .deprecated("6.2.0", "`LMOVE` with the `RIGHT` and `LEFT` arguments"),
        about("rpush", "1.0.0",
              "Adds elements to the end of a list, which is made when it is missing",
              "O(N), N: elements given")
            .in(acl::list)
            .with({at(1, rw | inserts)})
            .takes("key:key element..."),
        about("rpushx", "2.2.0", "Adds elements to the end of a list if there is one",
              "O(N), N: elements given")
            .in(acl::list)
            .with({at(1, rw | inserts)})
            .takes("key:key element..."),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows list_metadata() { return table; }

}  // namespace hawser::commands
