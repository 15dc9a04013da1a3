#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "app/state/outgoing.h"
#include "engine/api/event.h"

namespace kiln {

enum class JobKind { kSample, kDataset, kTrain };
enum class JobState { kRunning, kPaused, kDone, kCancelled, kFailed };

// One job of the engine as the window knows it.
struct JobStatus {
  JobId id;
  JobKind kind = JobKind::kSample;
  JobState state = JobState::kRunning;
  std::int64_t step = 0;
  std::int64_t total = 0;
  double steps_per_s = 0;  // 0 while unknown
  double left_s = -1;      // below 0 while unknown
  int previews = 0;        // frames shown so far
  bool kept = false;       // it was stopped early and what was there was kept
  bool pausing = false;    // asked for, not yet answered

  bool active() const { return state == JobState::kRunning || state == JobState::kPaused; }
  // It does not work, or will not as soon as it has been told.
  bool paused() const { return state == JobState::kPaused || pausing; }

  float part() const { return total > 0 ? std::clamp(static_cast<float>(step) / static_cast<float>(total), 0.0f, 1.0f) : 0; }

  // Each does nothing where it makes no sense.
  void ask_to_pause(Outgoing& outgoing);
  void ask_to_resume(Outgoing& outgoing);

  void take(const Progress& progress);
  void on(const JobPaused& event) { answered(event.job, JobState::kPaused); }
  void on(const JobResumed& event) { answered(event.job, JobState::kRunning); }
  void on(const JobEnded& event);

 private:
  void answered(JobId job, JobState now);
};

std::string_view to_string(JobKind kind);
std::string_view to_string(JobState state);

}  // namespace kiln
