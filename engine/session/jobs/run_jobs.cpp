#include "engine/session/jobs/make_job.h"

#include <algorithm>
#include <filesystem>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/jobs/one_step_job.h"
#include "engine/session/jobs/training_job.h"
#include "engine/training/live_changes.h"
#include "engine/training/metrics_file.h"
#include "engine/training/recipe.h"
#include "engine/training/run_folder.h"
#include "engine/training/strip_file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

std::vector<RunInfo> runs_in(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw Failure(ErrorCode::kNotFound, "there is no folder “" + folder + "”", "check the path");
  std::vector<RunInfo> runs;
  for (const auto& entry : fs::directory_iterator(folder, fs::directory_options::skip_permission_denied, error)) {
    if (entry.is_directory(error) && is_run(entry.path())) runs.push_back(run_info(entry.path()));
  }
  std::sort(runs.begin(), runs.end(),
            [](const RunInfo& a, const RunInfo& b) { return a.changed != b.changed ? a.changed > b.changed : a.name < b.name; });
  return runs;
}

ParamMap recipe_of_run(const fs::path& run) {
  return make_recipe("", recipe_from_json(read_text(recipe_file(run)), recipe_file(run).string()));
}

// Throws Failure unless the run is under way and can be changed so.
void check_change(const fs::path& run, const ParamMap& changes) {
  if (const RunInfo info = run_info(run); info.state != RunState::kRunning)
    throw Failure(ErrorCode::kInvalidArgument, "the run “" + run.string() + "” is not under way",
                  "go on with it by `spritekiln train --resume`, and give it other values there");
  changed_recipe(recipe_of_run(run), changes);
}

// Reads a strip a step.
class OpenRunJob : public Job {
 public:
  OpenRunJob(OpenRun command, Outbox& outbox) : outbox_(outbox), run_(command.run) { opened_.job = command.job; }

  bool step() override {
    if (opened_.info.path.empty()) {
      opened_.info = run_info(run_);
      opened_.recipe = recipe_of_run(run_);
      opened_.metrics = read_metrics(metrics_file(run_));
      strips_ = strip_steps(run_);
      return true;
    }
    if (next_ < strips_.size()) {
      if (auto strip = read_strip(run_, strips_[next_++])) opened_.strips.push_back(std::move(*strip));
      return true;
    }
    outbox_.send(std::move(opened_));
    return false;
  }
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }
  Priority priority() const override { return Priority::kUtility; }

 private:
  Outbox& outbox_;
  fs::path run_;
  RunOpened opened_;
  std::vector<std::int64_t> strips_;
  std::size_t next_ = 0;
};

[[noreturn]] void not_running() {
  throw Failure(ErrorCode::kNotFound, "that training is not running", "open the model that it wrote");
}

// On the training's own thread: between two of its pieces.
class UseTrainingModelJob : public Job {
 public:
  UseTrainingModelJob(UseTrainingModel command, std::weak_ptr<TrainingJob> training, ModelCache& models, Outbox& outbox)
      : command_(command), training_(std::move(training)), models_(models), outbox_(outbox) {}

  bool step() override {
    const auto training = training_.lock();
    if (!training) not_running();
    const std::string path = training->write_model_now();
    const auto model = models_.open(path);
    ModelInfo info = describe(*model, path);
    info.name = training->run().stem().string() + ", step " + std::to_string(model->facts.steps);
    outbox_.send(ModelOpened{command_.job, std::move(info)});
    return false;
  }
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }
  JobThread thread() const override { return JobThread::kTraining; }

 private:
  UseTrainingModel command_;
  std::weak_ptr<TrainingJob> training_;
  ModelCache& models_;
  Outbox& outbox_;
};

}  // namespace

std::shared_ptr<Job> make_job(ListRuns command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    return [&outbox, listed = RunsListed{command.job, runs_in(command.folder)}]() mutable { outbox.send(std::move(listed)); };
  });
}

std::shared_ptr<Job> make_job(OpenRun command, const JobContext& context) {
  return std::make_shared<OpenRunJob>(std::move(command), context.outbox);
}

std::shared_ptr<Job> make_job(ChangeRun command, const JobContext&) {
  return std::make_shared<OneStepJob>([command = std::move(command)] {
    check_change(command.run, command.changes);
    return [command] { request_change(command.run, command.changes); };
  });
}

std::shared_ptr<Job> make_job(UseTrainingModel command, const JobContext& context) {
  auto training = context.find_training(command.training);
  if (!training) not_running();
  return std::make_shared<UseTrainingModelJob>(command, std::move(training), context.models, context.outbox);
}

}  // namespace kiln
