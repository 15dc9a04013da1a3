#include "app/state/job_status.h"

namespace kiln {

void JobStatus::ask_to_pause(Outgoing& outgoing) {
  if (!active() || paused()) return;
  pausing = true;
  outgoing.send(PauseJob{id});
}

void JobStatus::ask_to_resume(Outgoing& outgoing) {
  if (!active() || !paused()) return;
  pausing = false;
  outgoing.send(ResumeJob{id});
}

void JobStatus::take(const Progress& progress) {
  if (progress.job != id || !active()) return;
  step = progress.step;
  total = progress.total;
  steps_per_s = progress.steps_per_s;
  left_s = progress.left_s;
}

void JobStatus::answered(JobId job, JobState now) {
  if (job != id || !active()) return;
  state = now;
  pausing = false;
}

void JobStatus::on(const JobEnded& event) {
  if (event.job != id || !active()) return;
  pausing = false;
  left_s = -1;
  kept = event.outcome == Outcome::kKept;
  state = event.outcome == Outcome::kFailed      ? JobState::kFailed
          : event.outcome == Outcome::kCancelled ? JobState::kCancelled
                                                 : JobState::kDone;
  if (event.outcome == Outcome::kDone) step = total;
}

std::string_view to_string(JobKind kind) {
  switch (kind) {
    case JobKind::kSample:
      return "sample";
    case JobKind::kDataset:
      return "dataset";
    case JobKind::kTrain:
      return "train";
  }
  return "";
}

std::string_view to_string(JobState state) {
  switch (state) {
    case JobState::kRunning:
      return "running";
    case JobState::kPaused:
      return "paused";
    case JobState::kDone:
      return "done";
    case JobState::kCancelled:
      return "cancelled";
    case JobState::kFailed:
      return "failed";
  }
  return "";
}

}  // namespace kiln
