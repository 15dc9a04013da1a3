#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/api/command.h"
#include "engine/api/event.h"

namespace kiln {

// A ball with light and outline, its colour from the class and the seed.
Image fake_sprite(int kind, std::uint64_t seed, int side);

// Recipes and their parameters, as the real engine has them, but fewer.
void fake_recipes(Catalog& catalog);

// Training without a network: losses fall along a curve, sprites come out of noise. It keeps the real engine's promises: one
// JobEnded a job, cancel and pause within a step, runs as folders that can be listed, opened and gone on with.
class FakeTraining {
 public:
  FakeTraining(std::function<void(Event)> emit, std::function<void(const Progress&)> show)
      : emit_(std::move(emit)), show_(std::move(show)) {}

  // False if the command is not one for training.
  bool run(const Command& command);
  bool running() const { return job_ && !paused_; }
  void step();
  void suspend();  // as the engine does when it ends

  std::string model_path() const { return plan_.run + "/now.safetensors"; }
  std::int64_t steps_done() const { return plan_.step; }

 private:
  void plan(const PlanTraining& command);
  void start(const StartTraining& command);
  void cancel(CancelMode mode);
  void list(const ListRuns& command);
  void open(const OpenRun& command);
  void change(const ParamMap& changes);
  void end(JobId job, Outcome outcome, const Error& error = {});
  void write(RunState state) const;

  std::function<void(Event)> emit_;
  std::function<void(const Progress&)> show_;
  std::optional<JobId> job_;
  bool paused_ = false;
  TrainRequest request_;
  TrainPlan plan_;
};

}  // namespace kiln
