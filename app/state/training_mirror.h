#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/state/job_status.h"
#include "app/state/notices.h"
#include "app/state/outgoing.h"
#include "app/state/training_run.h"
#include "engine/api/event.h"

namespace kiln {

// The Train tab's picture of the engine: what a run would be, the run that is under way, the runs in their folder, and those of
// them that are open.
class TrainingMirror {
 public:
  TrainingMirror(Outgoing& outgoing, Notices& notices) : outgoing_(outgoing), notices_(notices) {}

  void apply(Event& event);  // takes the content of its own
  void apply(const Progress& progress);

  // What a run would be. A plan that is being made is given up for the newer one.
  void plan(const TrainRequest& request);
  void forget_plan();
  bool planning() const { return bool(planning_); }
  const std::optional<TrainPlan>& planned() const { return planned_; }  // the newest; stays while the next one is made
  const std::optional<Error>& plan_error() const { return plan_error_; }
  // Failures of this job are told by the plan, not as a notice.
  bool is_plan(JobId job) const;

  // One run at a time. Going on with a run that is not open opens it too, so that its past shows.
  void start(const TrainRequest& request);
  void pause();
  void resume();
  void stop(CancelMode mode);
  void change(const ParamMap& changes);  // of the run under way: recipe parameters that are live
  // The run under way, or after its end the last one; null before the first.
  const JobStatus* job() const { return job_ ? &*job_ : nullptr; }
  bool active() const { return job_ && job_->active(); }
  bool stopping() const { return active() && stopping_.has_value(); }
  std::optional<CancelMode> ended_by() const { return active() ? std::nullopt : stopping_; }  // none: it came to its end, or failed
  const TrainingRun* run() const { return job_ ? &run_ : nullptr; }
  double images_per_s() const;  // 0 while unknown
  const TrainRequest& request() const { return request_; }

  void list_runs(const std::string& folder);
  const std::vector<RunInfo>& runs() const { return runs_; }  // the newest first
  bool listed() const { return listed_; }

  void open_run(const std::string& path);
  void close_run();
  // An open run that another program writes is read again and again: at most every kFollow_s.
  static constexpr double kFollow_s = 3;
  void follow(double now_s);
  double follow_due_s() const { return opening_ ? -1 : follow_s_; }  // when follow is to be called next; below 0: no matter
  // For how long the opened run, which says that it is under way elsewhere, has measured nothing new, seen from here: clocks of
  // other machines do not count. At most since it was opened.
  double silent_s() const { return heard_s_ < 0 ? 0 : looked_s_ - heard_s_; }
  static constexpr double kSilent_s = 60;  // long enough to be told
  // Asks who trains the opened run, elsewhere, to change recipe parameters that are live. What it cannot do becomes a notice.
  void change_opened(const ParamMap& changes);
  // Opens a second one beside the one that is shown, for its losses alone.
  void compare_run(const std::string& path);
  void end_comparison();
  const TrainingRun* opened() const { return opened_ ? &*opened_ : nullptr; }
  const TrainingRun* compared() const { return compared_ ? &*compared_ : nullptr; }
  // What the tab shows: the opened run, else the one under way or last, unless it was discarded.
  const TrainingRun* shown() const;

 private:
  void on(TrainingPlanned&& event);
  void on(TrainingStarted&& event);
  void on(const TrainingMetrics& event);
  void on(TrainingStrip&& event);
  void on(RunsListed&& event);
  void on(RunOpened&& event);
  void on(const JobPaused& event);
  void on(const JobResumed& event);
  void on(const JobEnded& event);
  template <class Other>
  void on(const Other&) {}

  bool is_running(JobId id) const { return job_ && job_->id == id && job_->active(); }
  void take_past(TrainingRun past);
  void end_training(const JobEnded& event);
  void ask_for_runs();
  void hear(double now_s);
  void give_up_plan();

  Outgoing& outgoing_;
  Notices& notices_;

  JobId planning_;            // the newest
  std::vector<JobId> plans_;  // that have not ended, given up or not
  std::optional<TrainPlan> planned_;
  std::optional<Error> plan_error_;

  std::optional<JobStatus> job_;
  std::optional<CancelMode> stopping_;
  TrainRequest request_;
  TrainingRun run_;
  JobId past_;                      // opens the folder of the run that goes on
  std::vector<TrainMetrics> live_;  // until its past is there
  std::vector<SampleStrip> live_strips_;

  std::string runs_folder_;
  JobId listing_;
  std::vector<RunInfo> runs_;
  bool listed_ = false;
  JobId opening_, comparing_;
  double follow_s_ = -1;
  bool following_ = false;  // what is being opened is open already
  // When follow was last called, when the opened run last had something new (below 0: it is not followed), and what that was.
  double looked_s_ = 0, heard_s_ = -1;
  std::int64_t heard_step_ = -1;
  JobId changing_;
  std::optional<TrainingRun> opened_, compared_;
};

}  // namespace kiln
