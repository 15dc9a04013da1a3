#include "app/cli/interrupt.h"

#include <csignal>

namespace kiln {
namespace {

volatile std::sig_atomic_t signalled = 0;

void on_interrupt(int signal) {
  signalled = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  signalled = 0;
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool InterruptGuard::interrupted() const { return signalled != 0; }

}  // namespace kiln
