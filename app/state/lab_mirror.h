#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/state/outgoing.h"
#include "engine/api/event.h"

namespace kiln {

// The window's picture of the lab: what was found for the newest request that has an answer.
class LabMirror {
 public:
  explicit LabMirror(Outgoing& outgoing) : outgoing_(outgoing) {}

  // What an event holds is taken out of it.
  void apply(Event& event);

  // Of several that are asked for while one is answered, the last; the run of the one before ends early.
  void study(LabRequest request);
  // Writes request.picture, beside what is shown.
  void save(LabRequest request);
  // How long the parts of a step take.
  void measure(LabRequest request);

  const std::optional<LabResult>& result() const { return result_; }
  const std::vector<LabStep>& path() const { return path_; }  // of `result`, once its run has ended
  const std::vector<PartTime>& times() const { return times_; }
  const std::optional<Error>& problem() const { return problem_; }  // of the newest study
  bool measuring() const { return measuring_.has_value(); }
  bool waits() const { return job_.has_value(); }  // for pictures
  bool is_study(JobId job) const { return (job_ && *job_ == job) || (running_ && *running_ == job); }
  std::uint64_t version() const { return version_; }            // another number when `result` is another
  std::uint64_t path_version() const { return path_version_; }  // or the path

 private:
  void ask(LabRequest request);
  void on_end(const JobEnded& event);

  Outgoing& outgoing_;
  std::optional<JobId> job_;      // whose pictures are awaited
  std::optional<JobId> running_;  // whose pictures are shown and whose run goes on
  std::optional<JobId> measuring_;
  std::optional<LabRequest> wanted_;
  std::optional<LabResult> result_;
  std::vector<LabStep> path_;
  std::vector<PartTime> times_;
  std::optional<Error> problem_;
  std::uint64_t version_ = 0, path_version_ = 0;
};

}  // namespace kiln
