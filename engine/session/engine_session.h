#pragma once

#include <array>
#include <memory>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "engine/api/engine.h"
#include "engine/runtime/task_thread.h"
#include "engine/session/job.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/model_cache.h"
#include "engine/session/outbox.h"

namespace kiln {

class TrainingJob;

// Three threads. The engine's takes commands, and between them lets the jobs do one step each, the first in priority first; it owns
// the list of jobs and does the short steps itself, sampling's among them. A step that may take long is handed to one of the two
// others (JobThread), and what it came to comes back as a message, so that the engine's thread sleeps when it has nothing to do. A
// job with a step under way belongs to that thread; commands to it wait until it is back. ModelCache and Outbox may be used from
// all.
class EngineSession : public Engine {
 public:
  explicit EngineSession(const EngineOptions& options);
  ~EngineSession() override;

  void send(Command command) override { messages_.push(Message(std::in_place_type<Command>, std::move(command))); }
  std::vector<Event> take_events() override { return outbox_.events.take_all(); }
  std::vector<Progress> take_progress() override { return outbox_.progress.take_all(); }
  std::vector<Frame> take_frames() override { return outbox_.frames.take_all(); }

 private:
  struct Running {
    JobId id;
    std::shared_ptr<Job> job;
    bool paused = false;
    std::uint64_t turn = 0;        // when it did its last step, for those that take turns
    std::vector<Command> waiting;  // to this job
  };
  // What a piece of work on a job came to: its end, or nothing special.
  struct Piece {
    JobId id;
    std::optional<Outcome> end;
    Error error;  // of kFailed
  };
  using Message = std::variant<Command, Piece>;
  using Work = std::function<std::optional<Outcome>(Job&)>;

  struct Worker {
    std::unique_ptr<TaskThread> thread;
    JobId job;  // that it is at; none: idle
  };

  void run(const std::stop_token& stop);
  void begin();
  Worker new_worker(JobThread place) const;
  void handle(Message& message);
  template <class C>
  void take(C& command);
  template <class C>
  void start(C& command);
  Running* find(JobId id);
  std::shared_ptr<TrainingJob> find_training(JobId id);

  void tell(Running& running, Command command);
  void answer(Running& running);
  void answer(Running& running, Command& command);
  void change(Job& job, const ChangeTraining& command);
  void set_paused(Running& running, bool paused);
  void abandon(Running& running);

  Worker* worker_of(const Running& running);  // null: the engine's thread
  bool is_free(const Running& running);       // whether something can be done to it now
  Running* next(JobThread place);
  void hand_out();
  void step(Running& running);
  void work(Running& running, Worker* worker, Work what);
  static Piece piece_of(JobId id, Job& job, const Work& what);
  void take_back(Piece& piece);
  void end(JobId id, Outcome outcome, Error error = {});
  void end_all();

  EngineOptions options_;
  Outbox outbox_;
  Queue<Message> messages_;
  ModelCache models_;
  JobContext context_;
  std::vector<Running> jobs_;
  std::uint64_t turns_ = 0;
  Worker blocking_, training_;
  std::vector<Worker> abandoned_;  // at steps whose jobs have been cancelled
  std::jthread thread_;            // last: joined before the rest goes
};

}  // namespace kiln
