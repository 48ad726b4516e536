#pragma once

#include "asio.hpp"

#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace hawser::net {

/// Where a task reports what should not have happened.
using failure_log = std::function<void(const std::string&)>;

/// The only way a coroutine is started: with a name, and a place for what it throws unexpectedly.
template <class Task, class Done>
void spawn(const executor& on, std::string_view name, Task work, failure_log log, Done done) {
  asio::co_spawn(on, std::move(work),
                 [name, log = std::move(log), done = std::move(done)](std::exception_ptr thrown) {
                   if (thrown) {
                     try {
                       std::rethrow_exception(thrown);
                     } catch (const std::exception& error) {
                       log(std::string(name) + " ended by an exception: " + error.what());
                     }
                   }
                   done();
                 });
}

}  // namespace hawser::net
