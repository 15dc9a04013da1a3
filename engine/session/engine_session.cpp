#include "engine/session/engine_session.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "engine/base/log.h"
#include "engine/base/memory.h"
#include "engine/base/paths.h"
#include "engine/runtime/thread_priority.h"
#include "engine/session/blas.h"
#include "engine/session/catalog.h"
#include "engine/session/errors.h"
#include "engine/session/jobs/training_job.h"

namespace kiln {
namespace {

// Behind the window, which is at 0. What the artist waits for keeps a good part of a core that busy programs share, training takes
// what nobody else wants.
constexpr int kEngineNiceness = 3, kTrainingNiceness = 19;

Note note_of(JobId job, const Error& error) { return {job, error.message, error.hint}; }

}  // namespace

EngineSession::EngineSession(const EngineOptions& options)
    : options_(options),
      outbox_(options.wake),
      context_{models_, outbox_, [this](JobId id) { return find_training(id); }},
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

EngineSession::~EngineSession() = default;

void EngineSession::run(const std::stop_token& stop) {
  begin();
  while (!stop.stop_requested()) {
    hand_out();
    auto messages = next(JobThread::kEngine) == nullptr ? messages_.wait_and_take_all(stop) : messages_.take_all();
    for (auto& message : messages) handle(message);
    if (Running* running = next(JobThread::kEngine)) step(*running);
  }
  end_all();
}

// Whatever goes wrong here stops nothing: the engine goes on without it, and says so.
void EngineSession::begin() {
  std::vector<Note> notes;
  const auto attempt = [&](const std::function<void()>& part) {
    try {
      part();
    } catch (...) {
      notes.push_back(note_of({}, current_error()));
    }
  };
  if (options_.background) set_thread_niceness(kEngineNiceness);
  EngineReady ready;
  attempt([] { open_log_file((home_folder() / "log.txt").string()); });  // the module has a log of its own
  attempt([] { set_libtorch_threads(1); });                              // cores are used by splitting batches, not operators
  attempt([&] { ready.catalog = make_catalog(); });
  attempt([&] {
    if (auto warning = slow_blas_warning()) notes.push_back(std::move(*warning));
  });
  blocking_ = new_worker(JobThread::kBlocking);
  training_ = new_worker(JobThread::kTraining);
  outbox_.send(std::move(ready));
  for (auto& note : notes) {
    log_warn(note.message + "; " + note.hint);
    outbox_.send(std::move(note));
  }
}

// Made by the engine's thread, so at its priority at first.
EngineSession::Worker EngineSession::new_worker(JobThread place) const {
  const bool last = options_.background && place == JobThread::kTraining;
  return {std::make_unique<TaskThread>([last] {
            if (last) set_thread_niceness(kTrainingNiceness);
            at::set_num_threads(1);
          }),
          {}};
}

void EngineSession::handle(Message& message) {
  if (auto* piece = std::get_if<Piece>(&message)) return take_back(*piece);
  std::visit([this](auto& command) { take(command); }, std::get<Command>(message));
}

template <class C>
void EngineSession::take(C& command) {
  if constexpr (requires { command.job; }) {
    start(command);
  } else if (Running* running = find(command.target)) {
    tell(*running, std::move(command));
  } else if constexpr (std::is_same_v<C, ChangeTraining>) {
    outbox_.send(Note{command.target, "that training is not running", "open its run to go on with it"});
  }
}

template <class C>
void EngineSession::start(C& command) {
  const JobId id = command.job;  // before the rest is moved from
  try {
    jobs_.push_back({id, make_job(std::move(command), context_), false, 0, {}});
  } catch (...) {
    end(id, Outcome::kFailed, current_error());
  }
}

EngineSession::Running* EngineSession::find(JobId id) {
  const auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const Running& running) { return running.id == id; });
  return found == jobs_.end() ? nullptr : &*found;
}

std::shared_ptr<TrainingJob> EngineSession::find_training(JobId id) {
  Running* running = find(id);
  return running == nullptr ? nullptr : std::dynamic_pointer_cast<TrainingJob>(running->job);
}

EngineSession::Worker* EngineSession::worker_of(const Running& running) {
  switch (running.job->thread()) {
    case JobThread::kEngine:
      return nullptr;
    case JobThread::kBlocking:
      return &blocking_;
    case JobThread::kTraining:
      return &training_;
  }
  return nullptr;
}

// A training is only ever touched on its own thread; a job that waits for the blocking one may be answered at once.
bool EngineSession::is_free(const Running& running) {
  const Worker* worker = worker_of(running);
  if (worker == nullptr) return true;
  return worker == &training_ ? !worker->job : worker->job != running.id;
}

void EngineSession::tell(Running& running, Command command) {
  const bool cancels = std::holds_alternative<CancelJob>(command);
  if (cancels && !is_free(running) && running.job->abandon()) return abandon(running);
  running.waiting.push_back(std::move(command));
  answer(running);
}

// Does what was asked of a job, as far as it can be done now.
void EngineSession::answer(Running& running) {
  const JobId id = running.id;
  for (Running* asked = &running; asked != nullptr && !asked->waiting.empty() && is_free(*asked); asked = find(id)) {
    Command command = std::move(asked->waiting.front());
    asked->waiting.erase(asked->waiting.begin());
    answer(*asked, command);
  }
}

void EngineSession::answer(Running& running, Command& command) {
  Worker* place = worker_of(running) == &training_ ? &training_ : nullptr;
  if (const auto* cancel = std::get_if<CancelJob>(&command)) {
    work(running, place, [mode = cancel->mode](Job& job) { return job.cancel(mode); });
  } else if (const auto* changes = std::get_if<ChangeTraining>(&command)) {
    work(running, place, [this, changes = *changes](Job& job) {
      change(job, changes);
      return std::nullopt;
    });
  } else {
    set_paused(running, std::holds_alternative<PauseJob>(command));
  }
}

void EngineSession::change(Job& job, const ChangeTraining& command) {
  try {
    auto* training = dynamic_cast<TrainingJob*>(&job);
    if (training == nullptr) throw Failure(ErrorCode::kNotFound, "that is no training", "name one that is running");
    training->change(command.changes);
  } catch (...) {
    outbox_.send(note_of(command.target, current_error()));
  }
}

void EngineSession::set_paused(Running& running, bool paused) {
  if (std::exchange(running.paused, paused) == paused) return;
  if (paused) {
    outbox_.send(JobPaused{running.id});
  } else {
    running.job->resumed();
    outbox_.send(JobResumed{running.id});
  }
}

// The step comes to nothing, but may still take long: the next one gets another thread.
void EngineSession::abandon(Running& running) {
  abandoned_.push_back(std::exchange(blocking_, new_worker(JobThread::kBlocking)));
  end(running.id, Outcome::kCancelled);
}

// The job whose step is due in that place: by priority, and among those of one in turns, but for interactive ones, of which the
// first goes on until it is done. Training waits for all that the engine's thread has to do.
EngineSession::Running* EngineSession::next(JobThread place) {
  Running* best = nullptr;
  const auto rank = [](const Running& running) { return std::pair(running.job->priority(), running.turn); };
  for (auto& running : jobs_) {
    if (running.paused || running.job->thread() != place || !is_free(running)) continue;
    if (best == nullptr || rank(running) < rank(*best)) best = &running;
  }
  if (best == nullptr || place != JobThread::kTraining) return best;
  const Running* first = next(JobThread::kEngine);
  return first != nullptr && first->job->priority() < best->job->priority() ? nullptr : best;
}

// Gives the other threads something to do.
void EngineSession::hand_out() {
  std::vector<JobId> ids;
  for (const auto& running : jobs_) ids.push_back(running.id);
  for (const JobId id : ids) {
    if (Running* running = find(id)) answer(*running);
  }
  for (const auto& [place, worker] : {std::pair(JobThread::kBlocking, &blocking_), std::pair(JobThread::kTraining, &training_)}) {
    if (worker->job) continue;
    if (Running* running = next(place)) step(*running);
  }
}

void EngineSession::step(Running& running) {
  if (running.job->priority() != Priority::kInteractive) running.turn = ++turns_;
  work(running, worker_of(running), [](Job& job) { return job.step() ? std::nullopt : std::optional(Outcome::kDone); });
}

void EngineSession::work(Running& running, Worker* worker, Work what) {
  const JobId id = running.id;
  if (worker == nullptr) {
    Piece piece = piece_of(id, *running.job, what);
    return take_back(piece);
  }
  worker->job = id;
  worker->thread->run([this, id, job = running.job, what = std::move(what)]() mutable {
    Piece piece = piece_of(id, *job, what);
    job.reset();  // so that it goes, and its files are free, before its end is told
    if (piece.end) release_freed_memory();
    messages_.push(Message(std::move(piece)));
  });
}

EngineSession::Piece EngineSession::piece_of(JobId id, Job& job, const Work& what) {
  try {
    return {id, what(job), {}};
  } catch (...) {
    return {id, Outcome::kFailed, current_error()};
  }
}

void EngineSession::take_back(Piece& piece) {
  for (Worker* worker : {&blocking_, &training_}) {
    if (worker->job == piece.id) worker->job = {};
  }
  std::erase_if(abandoned_, [&](const Worker& worker) { return worker.job == piece.id; });
  if (piece.end && find(piece.id) != nullptr) end(piece.id, *piece.end, std::move(piece.error));
}

void EngineSession::end(JobId id, Outcome outcome, Error error) {
  if (outcome == Outcome::kFailed) log_info(error.message + (error.detail.empty() ? "" : ": " + error.detail));
  std::erase_if(jobs_, [&](const Running& running) { return running.id == id; });
  outbox_.send(JobEnded{id, outcome, std::move(error)});
}

// Steps under way are waited for; then every job is told to stop.
void EngineSession::end_all() {
  while (blocking_.job || training_.job) {
    for (auto& message : messages_.wait_and_take_all({})) {
      if (auto* piece = std::get_if<Piece>(&message)) take_back(*piece);
    }
  }
  while (!jobs_.empty()) work(jobs_.back(), nullptr, [](Job& job) { return job.cancel(CancelMode::kSuspend); });
}

}  // namespace kiln
