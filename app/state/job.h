#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/ids.h"

namespace kiln {

enum class JobKind { kSample, kDataset, kTrain };
enum class JobState { kRunning, kPaused, kDone, kCancelled, kFailed };

// One job of the engine as the window knows it.
struct Job {
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
};

std::string_view to_string(JobKind kind);
std::string_view to_string(JobState state);

}  // namespace kiln
