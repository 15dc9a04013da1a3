#include "app/state/training_mirror.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace kiln {
namespace {

// A run asked for is on its way to the engine until it says that it has begun.
TrainingRun run_to_come(const TrainRequest& request) {
  TrainingRun run;
  run.path = request.run;
  run.name = run_name(request.run);
  run.model = request.out;
  run.data = request.source.path;
  return run;
}

}  // namespace

void TrainingMirror::apply(Event& event) {
  std::visit([this](auto& e) { on(std::move(e)); }, event);
}

void TrainingMirror::apply(const Progress& progress) {
  if (!is_running(progress.job)) return;
  job_->take(progress);
  run_.step = job_->step;
  run_.total = job_->total;
}

void TrainingMirror::plan(const TrainRequest& request) {
  give_up_plan();
  plan_error_.reset();
  planning_ = outgoing_.next_job();
  plans_.push_back(planning_);
  outgoing_.send(PlanTraining{planning_, request});
}

void TrainingMirror::give_up_plan() {
  if (planning_) outgoing_.send(CancelJob{planning_, CancelMode::kDiscard});
  planning_ = {};
}

bool TrainingMirror::is_plan(JobId job) const { return std::find(plans_.begin(), plans_.end(), job) != plans_.end(); }

const TrainingRun* TrainingMirror::shown() const {
  if (opened_) return &*opened_;
  const bool never_began = !active() && !run_.plan;
  return never_began || ended_by() == CancelMode::kDiscard ? nullptr : run();
}

void TrainingMirror::forget_plan() {
  give_up_plan();
  planned_.reset();
  plan_error_.reset();
}

void TrainingMirror::start(const TrainRequest& request) {
  if (active()) return;
  notices_.clear_all_but_errors();
  give_up_plan();
  live_.clear();
  live_strips_.clear();
  past_ = {};
  run_ = run_to_come(request);
  request_ = request;
  if (request.resume && opened_ && opened_->path == request.run) {
    run_ = *opened_;
    run_.state = RunState::kRunning;
  } else if (request.resume) {
    past_ = outgoing_.next_job();
    outgoing_.send(OpenRun{past_, request.run});
  }
  close_run();
  stopping_.reset();
  job_ = JobStatus{.id = outgoing_.next_job(), .kind = JobKind::kTrain, .step = run_.step, .total = run_.total};
  outgoing_.send(StartTraining{job_->id, request});
}

void TrainingMirror::pause() {
  if (job_) job_->ask_to_pause(outgoing_);
}

void TrainingMirror::resume() {
  if (job_) job_->ask_to_resume(outgoing_);
}

void TrainingMirror::stop(CancelMode mode) {
  if (!active()) return;
  stopping_ = mode;
  outgoing_.send(CancelJob{job_->id, mode});
}

void TrainingMirror::change(const ParamMap& changes) {
  if (active()) outgoing_.send(ChangeTraining{job_->id, changes});
}

double TrainingMirror::images_per_s() const {
  if (!job_) return 0;
  const auto batch = run_.recipe.find("batch");
  if (job_->active() && job_->steps_per_s > 0 && batch != run_.recipe.end()) {
    if (const auto* count = std::get_if<std::int64_t>(&batch->second)) return job_->steps_per_s * static_cast<double>(*count);
  }
  return run_.history.newest ? run_.history.newest->images_per_s : 0;
}

void TrainingMirror::list_runs(const std::string& folder) {
  runs_folder_ = folder;
  ask_for_runs();
}

void TrainingMirror::ask_for_runs() {
  if (runs_folder_.empty()) return;
  listing_ = outgoing_.next_job();
  outgoing_.send(ListRuns{listing_, runs_folder_});
}

void TrainingMirror::open_run(const std::string& path) {
  if (active() && path == run_.path) {
    close_run();
    return;
  }
  following_ = false;
  heard_s_ = -1;
  opening_ = outgoing_.next_job();
  outgoing_.send(OpenRun{opening_, path});
}

void TrainingMirror::follow(double now_s) {
  const bool own = active() && opened_ && opened_->path == run_.path;
  hear(now_s);
  if (!opened_ || opened_->state != RunState::kRunning || own) {
    follow_s_ = -1;
  } else if (!opening_ && follow_s_ < 0) {
    follow_s_ = now_s + kFollow_s;
  } else if (!opening_ && now_s >= follow_s_) {
    follow_s_ = -1;
    following_ = true;
    opening_ = outgoing_.next_job();
    outgoing_.send(OpenRun{opening_, opened_->path});
  }
}

// Only what was measured tells that training goes on.
void TrainingMirror::hear(double now_s) {
  looked_s_ = now_s;
  if (!opened_ || opened_->state != RunState::kRunning) {
    heard_s_ = -1;
    return;
  }
  const std::int64_t step = opened_->history.newest ? opened_->history.newest->step : 0;
  if (heard_s_ >= 0 && step == heard_step_) return;
  heard_s_ = now_s;
  heard_step_ = step;
}

void TrainingMirror::change_opened(const ParamMap& changes) {
  if (!opened_) return;
  changing_ = outgoing_.next_job();
  outgoing_.send(ChangeRun{changing_, opened_->path, changes});
}

void TrainingMirror::close_run() {
  opened_.reset();
  opening_ = {};
}

void TrainingMirror::compare_run(const std::string& path) {
  comparing_ = outgoing_.next_job();
  outgoing_.send(OpenRun{comparing_, path});
}

void TrainingMirror::end_comparison() {
  compared_.reset();
  comparing_ = {};
}

void TrainingMirror::on(TrainingPlanned&& event) {
  if (event.job != planning_) return;
  planned_ = std::move(event.plan);
  plan_error_.reset();
}

void TrainingMirror::on(TrainingStarted&& event) {
  if (!is_running(event.job)) return;
  const bool first = !run_.plan.has_value();
  run_.plan = std::move(event.plan);
  if (!run_.plan->run.empty()) {
    run_.path = run_.plan->run;
    run_.name = run_name(run_.path);
  }
  run_.recipe = run_.plan->recipe;
  job_->step = run_.step = run_.plan->step;
  job_->total = run_.total = run_.plan->total;
  if (first) ask_for_runs();
}

void TrainingMirror::on(const TrainingMetrics& event) {
  if (!is_running(event.job)) return;
  run_.history.add(event.metrics);
  if (past_) live_.push_back(event.metrics);
}

void TrainingMirror::on(TrainingStrip&& event) {
  if (!is_running(event.job)) return;
  if (past_) live_strips_.push_back(event.strip);
  run_.strips.add(std::move(event.strip));
}

void TrainingMirror::on(RunsListed&& event) {
  if (event.job != listing_) return;
  runs_ = std::move(event.runs);
  listed_ = true;
}

void TrainingMirror::on(RunOpened&& event) {
  if (event.job == past_) {
    take_past(run_from(std::move(event)));
  } else if (event.job == opening_) {
    opened_ = run_from(std::move(event));
  } else if (event.job == comparing_) {
    compared_ = run_from(std::move(event));
  }
}

// What the run measured before it went on, then what it has measured since.
void TrainingMirror::take_past(TrainingRun past) {
  run_.history = std::move(past.history);
  run_.strips = std::move(past.strips);
  for (const TrainMetrics& metrics : live_) run_.history.add(metrics);
  for (SampleStrip& strip : live_strips_) run_.strips.add(std::move(strip));
  if (run_.recipe.empty()) run_.recipe = std::move(past.recipe);
  if (run_.data.empty()) run_.data = past.data;
}

void TrainingMirror::on(const JobPaused& event) {
  if (job_) job_->on(event);
}

void TrainingMirror::on(const JobResumed& event) {
  if (job_) job_->on(event);
}

void TrainingMirror::on(const JobEnded& event) {
  std::erase(plans_, event.job);
  if (planning_ && event.job == planning_) {
    planning_ = {};
    if (event.outcome == Outcome::kFailed) {
      planned_.reset();
      plan_error_ = event.error;
    }
  }
  if (event.job == past_) {
    past_ = {};
    live_.clear();
    live_strips_.clear();
  }
  if (event.job == opening_) {
    opening_ = {};
    if (event.outcome == Outcome::kFailed && following_ && opened_) opened_->state = RunState::kStopped;  // it is gone
  }
  if (event.job == comparing_) comparing_ = {};
  if (changing_ && event.job == changing_) {
    changing_ = {};
    if (event.outcome == Outcome::kDone)
      notices_.add(NoticeKind::kDone, "the run is asked to change", "it does so at one of its next steps");
  }
  if (is_running(event.job)) end_training(event);
}

void TrainingMirror::end_training(const JobEnded& event) {
  job_->on(event);
  run_.step = job_->step;
  if (event.outcome == Outcome::kDone || event.outcome == Outcome::kFailed) stopping_.reset();
  run_.state = event.outcome == Outcome::kDone ? RunState::kFinished : RunState::kStopped;
  ask_for_runs();
}

}  // namespace kiln
