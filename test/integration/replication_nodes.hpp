#pragma once

#include "grammar.hpp"
#include "oracle.hpp"
#include "tcp_client.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hawser::test {

enum class node_kind { hawser, oracle };

std::string names_of(const std::vector<node_kind>& kinds);

/// A server that syncs without delay and says often that it is there.
std::unique_ptr<server_process> make_node(node_kind kind, std::vector<std::string> more = {});

/// Makes it a replica of who listens there.
void follow(const server_process& replica, std::uint16_t port);

/// A field of INFO; empty if there is none.
std::string info(const server_process& of, const std::string& field);

/// True as soon as the link to the primary is up.
bool is_up(const server_process& replica);

/// True as soon as both have the same data at the same offset.
bool in_step(const server_process& primary, const server_process& replica);

/// Writes values of all types by commands that every server knows, with deadlines, transactions and
/// pops that wait.
class random_writer {
 public:
  random_writer(const server_process& to, std::uint64_t seed);
  void write(int commands);

 private:
  tcp_client client_;
  tcp_client helper_;
  command_generator generator_;
};

}  // namespace hawser::test
