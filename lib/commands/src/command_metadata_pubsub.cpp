#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table = of(
    group::pubsub,
    {
        about("psubscribe", "2.0.0", "Listens to the channels that match patterns",
              "O(N), N: patterns")
            .takes("pattern{pattern:pattern}..."),
        about("publish", "2.0.0", "Sends a message to a channel",
              "O(N+M), N: subscribers, M: patterns of all clients")
            .takes("channel message"),
        about("pubsub", "2.8.0", "Commands about subscriptions", "Depends on the subcommand"),
        about("pubsub|channels", "2.8.0", "Replies channels with subscribers", "O(N), N: channels")
            .takes("[pattern:pattern]"),
        about("pubsub|help", "6.2.0", "Lists the subcommands", "O(1)"),
        about("pubsub|numpat", "2.8.0", "Counts the patterns that clients listen to", "O(1)"),
        about("pubsub|numsub", "2.8.0", "Counts the subscribers of channels",
              "O(N), N: channels asked for")
            .takes("[channel...]"),
        about("pubsub|shardchannels", "7.0.0", "Replies shard channels with subscribers",
              "O(N), N: shard channels")
            .takes("[pattern:pattern]"),
        about("pubsub|shardnumsub", "7.0.0", "Counts the subscribers of shard channels",
              "O(N), N: channels asked for")
            .takes("[shardchannel...]"),
        about("punsubscribe", "2.0.0", "Stops listening to patterns", "O(N), N: patterns")
            .takes("[pattern:pattern...]"),
        about("spublish", "7.0.0", "Sends a message to a shard channel", "O(N), N: subscribers")
            .with({at(1, not_key)})
            .takes("shardchannel message"),
        about("ssubscribe", "7.0.0", "Listens to shard channels", "O(N), N: channels")
            .with({at(1, not_key).until(-1, 1)})
            .takes("shardchannel..."),
        about("subscribe", "2.0.0", "Listens to channels", "O(N), N: channels").takes("channel..."),
        about("sunsubscribe", "7.0.0", "Stops listening to shard channels", "O(N), N: channels")
            .with({at(1, not_key).until(-1, 1)})
            .takes("[shardchannel...]"),
        about("unsubscribe", "2.0.0", "Stops listening to channels", "O(N), N: channels")
            .takes("[channel...]"),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows pubsub_metadata() { return table; }

}  // namespace hawser::commands
