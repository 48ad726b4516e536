#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

constexpr auto table = of(
    group::cluster,
    {
        about("asking", "3.0.0", "Lets the next command use a slot that is being imported", "O(1)")
            .in(acl::connection),
        about("cluster", "3.0.0", "Commands about the cluster this node belongs to",
              "Depends on the subcommand"),
        about("cluster|addslots", "3.0.0", "Gives slots to this node", "O(N), N: slots")
            .takes("slot:integer..."),
        about("cluster|addslotsrange", "7.0.0", "Gives ranges of slots to this node",
              "O(N), N: slots")
            .takes("start-slot_end-slot{start-slot:integer end-slot:integer}..."),
        about("cluster|bumpepoch", "3.0.0", "Moves the configuration epoch on", "O(1)")
            .tip("nondeterministic_output"),
        about("cluster|count-failure-reports", "3.0.0",
              "Counts the nodes that call another one failing", "O(N), N: reports")
            .tip("nondeterministic_output")
            .takes("node-id"),
        about("cluster|countkeysinslot", "3.0.0", "Counts the keys of a slot", "O(1)")
            .takes("slot:integer"),
        about("cluster|delslots", "3.0.0", "Takes slots from this node", "O(N), N: slots")
            .takes("slot:integer..."),
        about("cluster|delslotsrange", "7.0.0", "Takes ranges of slots from this node",
              "O(N), N: slots")
            .takes("start-slot_end-slot{start-slot:integer end-slot:integer}..."),
        about("cluster|failover", "3.0.0", "Makes this replica the primary of its shard", "O(1)")
            .takes("[options(FORCE|TAKEOVER)]"),
        about("cluster|flushslots", "3.0.0", "Takes all slots from this node", "O(1)"),
        about("cluster|forget", "3.0.0", "Removes a node from the list of known nodes", "O(1)")
            .takes("node-id"),
        about("cluster|getkeysinslot", "3.0.0", "Replies keys of a slot", "O(N), N: keys replied")
            .tip("nondeterministic_output")
            .takes("slot:integer count:integer"),
        about("cluster|help", "5.0.0", "Lists the subcommands", "O(1)"),
        about("cluster|info", "3.0.0", "Replies the state of the cluster as this node sees it",
              "O(1)")
            .tip("nondeterministic_output"),
        about("cluster|keyslot", "3.0.0", "Replies the slot of a key", "O(N), N: bytes of the key")
            .takes("key"),
        about("cluster|links", "7.0.0", "Replies the connections to other nodes", "O(N), N: nodes")
            .tip("nondeterministic_output"),
        about("cluster|meet", "3.0.0", "Introduces another node", "O(1)")
            .takes("ip port:integer [cluster_bus_port:integer@4.0.0]"),
        about("cluster|myid", "3.0.0", "Replies the name of this node", "O(1)"),
        about("cluster|myshardid", "7.2.0", "Replies the name of this node's shard", "O(1)")
            .tip("nondeterministic_output"),
        about("cluster|nodes", "3.0.0", "Replies the nodes and their slots as lines of text",
              "O(N), N: nodes")
            .tip("nondeterministic_output"),
        about("cluster|replicas", "5.0.0", "Replies the replicas of a primary", "O(N), N: replicas")
            .tip("nondeterministic_output")
            .takes("node-id"),
        about("cluster|replicate", "3.0.0", "Makes this node a replica of another one", "O(1)")
            .takes("node-id"),
        about("cluster|reset", "3.0.0", "Forgets the cluster", "O(N), N: nodes known")
            .takes("[hard_soft(HARD|SOFT)]"),
        about("cluster|saveconfig", "3.0.0", "Writes the cluster's state to disk", "O(1)"),
        about("cluster|set-config-epoch", "3.0.0", "Sets the configuration epoch of a new node",
              "O(1)")
            .takes("config-epoch:integer"),
        about("cluster|setslot", "3.0.0", "Binds a slot to a node or begins and ends its migration",
              "O(1)")
            .takes(
                "slot:integer subcommand(IMPORTING=node-id|MIGRATING=node-id|NODE=node-id|STABLE)"),
        about("cluster|shards", "7.0.0", "Replies the shards with their nodes and slots",
              "O(N), N: nodes")
            .tip("nondeterministic_output"),
        about("cluster|slaves", "3.0.0", "The old name of CLUSTER REPLICAS", "O(N), N: replicas")
            .tip("nondeterministic_output")
            .takes("node-id")
            .deprecated("5.0.0", "`CLUSTER REPLICAS`"),
        about("cluster|slots", "3.0.0", "Replies which nodes serve which slots", "O(N), N: nodes")
            .tip("nondeterministic_output")
            .deprecated("7.0.0", "`CLUSTER SHARDS`"),
        about("readonly", "3.0.0", "Lets this connection read from a replica of the cluster",
              "O(1)")
            .in(acl::connection),
        about("readwrite", "3.0.0", "Takes READONLY back", "O(1)").in(acl::connection),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows cluster_metadata() { return table; }

}  // namespace hawser::commands
