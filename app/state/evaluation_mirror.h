#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/state/outgoing.h"
#include "engine/api/event.h"

namespace kiln {

// The window's picture of how good a run's model is: the newest evaluation, under way or done.
class EvaluationMirror {
 public:
  explicit EvaluationMirror(Outgoing& outgoing) : outgoing_(outgoing) {}

  // What an event holds is taken out of it.
  void apply(Event& event);
  void apply(const Progress& progress);

  // Of the run's model beside the run's sprites, with a picture of what is found in its folder. Nothing while one is under way.
  void start(const std::string& run, const std::string& model, std::int64_t draws, const std::string& cache);
  void stop();

  bool running() const { return job_.has_value(); }
  bool is_evaluation(JobId job) const { return job_ && *job_ == job; }
  const std::string& run() const { return run_; }  // which all this is about; empty before the first
  float part() const;                              // done, from 0 to 1
  const std::optional<EvaluationOverview>& result() const { return result_; }
  const std::optional<Error>& problem() const { return problem_; }
  std::uint64_t version() const { return version_; }  // another number when `result` is another

 private:
  Outgoing& outgoing_;
  std::optional<JobId> job_;
  std::string run_;
  std::optional<Progress> progress_;
  std::optional<EvaluationOverview> result_;
  std::optional<Error> problem_;
  std::uint64_t version_ = 0;
};

}  // namespace kiln
