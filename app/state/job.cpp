#include "app/state/job.h"

namespace kiln {

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
