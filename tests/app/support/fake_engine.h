#pragma once

#include <deque>
#include <optional>
#include <thread>

#include "engine/api/engine.h"
#include "engine/runtime/mailbox.h"
#include "engine/runtime/queue.h"
#include "tests/app/support/fake_training.h"

namespace kiln {

// An engine that knows no network: it fades coloured shapes in out of noise, `step_ms` a step. It keeps the real engine's promises:
// one JobEnded a job, cancel and pause within a step, frames and progress as newest-wins.
class FakeEngine final : public Engine {
 public:
  FakeEngine(const EngineOptions& options, int step_ms);
  ~FakeEngine() override;

  void send(Command command) override;
  std::vector<Event> take_events() override { return events_.take_all(); }
  std::vector<Progress> take_progress() override { return progress_.take_all(); }
  std::vector<Frame> take_frames() override { return frames_.take_all(); }

 private:
  struct Sampling {
    JobId job;
    SampleRequest request;
    int step = 0;
    bool paused = false;
  };

  void work(std::stop_token stop);
  void run(const Command& command);
  bool steer(const Command& command);
  void cancel(const CancelJob& command);
  void step();
  void end_sampling(Outcome outcome);
  void begin_waiting();
  void emit(Event event);
  void end(JobId job, Outcome outcome);
  void fail(JobId job, Error error);
  Frame frame() const;
  void send_sprites();
  void export_image(JobId job, const std::string& path, const Image& image);

  EngineOptions options_;
  int step_ms_;
  Queue<Command> commands_;
  Queue<Event> events_;
  Mailbox<JobId, Progress> progress_;
  Mailbox<JobId, Frame> frames_;
  std::optional<Sampling> sampling_;
  std::deque<Sampling> waiting_;  // for its end
  FakeTraining training_;
  std::jthread thread_;
};

}  // namespace kiln
