#include "engine/session/engine_session.h"

#include <algorithm>

#include "engine/base/log.h"
#include "engine/base/paths.h"
#include "engine/runtime/thread_check.h"
#include "engine/session/blas.h"
#include "engine/session/catalog.h"
#include "engine/session/errors.h"
#include "engine/session/jobs/dataset_jobs.h"
#include "engine/session/jobs/one_step_jobs.h"
#include "engine/session/jobs/run_jobs.h"
#include "engine/session/jobs/sampling_job.h"
#include "engine/session/jobs/training_job.h"

namespace kiln {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

EngineSession::EngineSession(const EngineOptions& options)
    : options_(options), outbox_(options.wake), thread_([this](std::stop_token stop) { run(stop); }) {}

EngineSession::~EngineSession() = default;

void EngineSession::run(std::stop_token stop) {
  open_log_file((home_folder() / "log.txt").string());  // the module has a log of its own
  if (options_.background) lower_thread_priority();
  set_libtorch_threads(1);  // cores are used by splitting batches, not operators
  outbox_.send(EngineReady{make_catalog()});
  if (const auto warning = slow_blas_warning()) {
    log_warn(warning->message + "; " + warning->hint);
    outbox_.send(*warning);
  }
  while (!stop.stop_requested()) {
    auto commands = next() == nullptr ? commands_.wait_and_take_all(stop) : commands_.take_all();
    for (auto& command : commands) handle(command);
    if (Running* running = next()) step(*running);
  }
  while (!jobs_.empty()) cancel(jobs_.back(), CancelMode::kSuspend);
}

void EngineSession::handle(Command& command) {
  std::visit(Overloaded{
                 [this](OpenModel& c) { start(c.job, make_open_model_job(std::move(c), models_, outbox_)); },
                 [this](StartSampling& c) { start(c.job, std::make_unique<SamplingJob>(std::move(c), models_, outbox_)); },
                 [this](StartTraining& c) { start(c.job, std::make_unique<TrainingJob>(std::move(c), outbox_)); },
                 [this](StartSweep& c) { start(c.job, make_sweep_job(std::move(c), outbox_)); },
                 [this](PlanTraining& c) { start(c.job, make_plan_job(std::move(c), outbox_)); },
                 [this](UseTrainingModel& c) {
                   start(c.job, make_use_training_model_job(
                                    c, [this](JobId id) { return find_training(id); }, models_, outbox_));
                 },
                 [this](ChangeTraining& c) { change(c); },
                 [this](ListRuns& c) { start(c.job, make_list_runs_job(std::move(c), outbox_)); },
                 [this](OpenRun& c) { start(c.job, make_open_run_job(std::move(c), outbox_)); },
                 [this](ExportSheet& c) { start(c.job, make_export_job(std::move(c), outbox_)); },
                 [this](ExportPng& c) { start(c.job, make_export_job(std::move(c), outbox_)); },
                 [this](ExportGif& c) { start(c.job, make_export_job(std::move(c), outbox_)); },
                 [this](ExportNpy& c) { start(c.job, make_export_job(std::move(c), outbox_)); },
                 [this](ImportCheckpoint& c) { start(c.job, make_import_job(std::move(c), outbox_)); },
                 [this](VerifyModel& c) { start(c.job, make_verify_job(std::move(c), models_, outbox_)); },
                 [this](ExportWeights& c) { start(c.job, make_export_weights_job(std::move(c), models_, outbox_)); },
                 [this](FitPalette& c) { start(c.job, make_palette_job(std::move(c), outbox_)); },
                 [this](Inspect& c) { start(c.job, make_inspect_job(std::move(c), models_, outbox_)); },
                 [this](CheckDataset& c) { start(c.job, make_dataset_job(std::move(c), outbox_)); },
                 [this](ConvertDataset& c) { start(c.job, make_dataset_job(std::move(c), outbox_)); },
                 [this](DrawStarterSet& c) { start(c.job, make_dataset_job(std::move(c), outbox_)); },
                 [this](PreviewDataset& c) { start(c.job, make_dataset_job(std::move(c), outbox_)); },
                 [this](ShowSheet& c) { start(c.job, make_dataset_job(std::move(c), outbox_)); },
                 [this](FetchDungeonSet& c) { start(c.job, make_dataset_job(std::move(c), outbox_)); },
                 [this](CancelJob& c) {
                   if (Running* running = find(c.target)) cancel(*running, c.mode);
                 },
                 [this](PauseJob& c) {
                   Running* running = find(c.target);
                   if (running == nullptr || running->paused) return;
                   running->paused = true;
                   outbox_.send(JobPaused{c.target});
                 },
                 [this](ResumeJob& c) {
                   Running* running = find(c.target);
                   if (running == nullptr || !running->paused) return;
                   running->paused = false;
                   running->job->resumed();
                   outbox_.send(JobResumed{c.target});
                 },
             },
             command);
}

// `id` by value: the command that holds it has been moved from.
void EngineSession::start(JobId id, std::unique_ptr<Job> job) { jobs_.push_back({id, std::move(job)}); }

EngineSession::Running* EngineSession::find(JobId id) {
  const auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const Running& running) { return running.id == id; });
  return found == jobs_.end() ? nullptr : &*found;
}

TrainingJob* EngineSession::find_training(JobId id) {
  Running* running = find(id);
  return running == nullptr ? nullptr : dynamic_cast<TrainingJob*>(running->job.get());
}

void EngineSession::change(const ChangeTraining& command) {
  try {
    TrainingJob* training = find_training(command.target);
    if (training == nullptr) throw Failure(ErrorCode::kNotFound, "that training is not running", "open its run to go on with it");
    training->change(command.changes);
  } catch (...) {
    const Error error = current_error();
    outbox_.send(Note{command.target, error.message, error.hint});
  }
}

EngineSession::Running* EngineSession::next() {
  Running *patient = nullptr, *waiting = nullptr;
  for (auto& running : jobs_) {
    if (running.paused) continue;
    if (running.job->interactive() && !running.job->patient()) return &running;
    Running*& first = running.job->interactive() ? patient : waiting;
    if (first == nullptr || running.turn < first->turn) first = &running;  // in turns
  }
  return patient != nullptr ? patient : waiting;
}

void EngineSession::step(Running& running) {
  const JobId id = running.id;
  running.turn = ++turns_;
  try {
    if (!running.job->step()) end(id, Outcome::kDone);
  } catch (...) {
    end(id, Outcome::kFailed, current_error());
  }
}

void EngineSession::cancel(Running& running, CancelMode mode) {
  const JobId id = running.id;
  try {
    end(id, running.job->cancel(mode));
  } catch (...) {
    end(id, Outcome::kFailed, current_error());
  }
}

void EngineSession::end(JobId id, Outcome outcome, Error error) {
  if (outcome == Outcome::kFailed) log_info(error.message + (error.detail.empty() ? "" : ": " + error.detail));
  std::erase_if(jobs_, [&](const Running& running) { return running.id == id; });
  outbox_.send(JobEnded{id, outcome, std::move(error)});
}

}  // namespace kiln
