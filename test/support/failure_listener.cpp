#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include "catch.hpp"
#include "failures.hpp"

namespace {

// Linked into each test program that starts servers, as a source: a library would drop it.
class failure_listener : public Catch::TestEventListenerBase {
 public:
  using TestEventListenerBase::TestEventListenerBase;

  bool assertionEnded(const Catch::AssertionStats& stats) override {
    if (!stats.assertionResult.isOk()) ++hawser::test::failed_assertions();
    return true;
  }
};

CATCH_REGISTER_LISTENER(failure_listener)

}  // namespace
