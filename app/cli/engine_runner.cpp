#include "app/cli/engine_runner.h"

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <optional>
#include <utility>

#include "engine/base/log.h"

namespace kiln {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void on_interrupt(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

// Ctrl-C is a request while this lives.
class InterruptGuard {
 public:
  InterruptGuard() {
    interrupted = 0;
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_interrupt);
  }
  ~InterruptGuard() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
  }
};

JobId job_of(const Event& event) {
  return std::visit(
      [](const auto& e) -> JobId {
        if constexpr (requires { e.job; })
          return e.job;
        else
          return {};
      },
      event);
}

}  // namespace

struct EngineRunner::Signal {
  std::mutex mutex;
  std::condition_variable changed;
  bool set = false;

  void raise() {
    {
      std::lock_guard lock(mutex);
      set = true;
    }
    changed.notify_one();
  }
  // Returns at the latest after a tenth of a second, for Ctrl-C.
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, std::chrono::milliseconds(100), [this] { return set; });
    set = false;
  }
};

EngineRunner::EngineRunner() : signal_(std::make_unique<Signal>()) {
  engine_ = open_engine({[signal = signal_.get()] { signal->raise(); }, false});
  for (bool ready = false; !ready;) {
    for (auto& event : engine_->take_events()) {
      if (auto* opened = std::get_if<EngineReady>(&event)) {
        catalog_ = std::move(opened->catalog);
        ready = true;
      }
    }
    if (!ready) signal_->wait();
  }
}

EngineRunner::~EngineRunner() = default;

Outcome EngineRunner::run(JobId job, Command command, const Watch& watch) {
  const InterruptGuard guard;
  engine_->send(std::move(command));
  for (bool asked_to_stop = false;;) {
    if (interrupted && !asked_to_stop) {
      asked_to_stop = true;
      engine_->send(CancelJob{job, CancelMode::kKeep});
    }
    for (const auto& progress : engine_->take_progress()) {
      if (progress.job == job && watch.progress) watch.progress(progress);
    }
    engine_->take_frames();
    for (auto& event : engine_->take_events()) {
      if (const auto* note = std::get_if<Note>(&event); note && !note->job) log_warn(note->message + "; " + note->hint);
      if (job_of(event) != job) continue;
      if (auto* ended = std::get_if<JobEnded>(&event)) {
        if (ended->outcome == Outcome::kFailed) throw Failure(std::move(ended->error));
        return ended->outcome;
      }
      if (watch.event) watch.event(event);
    }
    signal_->wait();
  }
}

}  // namespace kiln
