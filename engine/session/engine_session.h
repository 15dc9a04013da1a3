#pragma once

#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "engine/api/engine.h"
#include "engine/session/job.h"
#include "engine/session/model_cache.h"
#include "engine/session/outbox.h"

namespace kiln {

class TrainingJob;

// The engine's thread: takes commands, and between them lets the jobs do one step each, interactive ones first.
class EngineSession : public Engine {
 public:
  explicit EngineSession(const EngineOptions& options);
  ~EngineSession() override;

  void send(Command command) override { commands_.push(std::move(command)); }
  std::vector<Event> take_events() override { return outbox_.events.take_all(); }
  std::vector<Progress> take_progress() override { return outbox_.progress.take_all(); }
  std::vector<Frame> take_frames() override { return outbox_.frames.take_all(); }

 private:
  struct Running {
    JobId id;
    std::unique_ptr<Job> job;
    bool paused = false;
    std::uint64_t turn = 0;  // when it did its last step
  };

  void run(std::stop_token stop);
  void handle(Command& command);
  void start(JobId id, std::unique_ptr<Job> job);
  Running* find(JobId id);
  TrainingJob* find_training(JobId id);  // null if there is none
  void change(const ChangeTraining& command);
  Running* next();
  void step(Running& running);
  void cancel(Running& running, CancelMode mode);
  void end(JobId id, Outcome outcome, Error error = {});

  EngineOptions options_;
  Outbox outbox_;
  Queue<Command> commands_;
  ModelCache models_;
  std::vector<Running> jobs_;
  std::uint64_t turns_ = 0;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace kiln
