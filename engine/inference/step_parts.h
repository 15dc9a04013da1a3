#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/api/lab.h"
#include "engine/network/model.h"

namespace kiln {

// Measures what the parts of a guided step of kTimedSprites sprites take on one core, in fp32 or bf16 as asked for. Where
// there is no CpuPlan the network's operations are told as one. The model must outlive it.
class StepParts {
 public:
  StepParts(const Model& model, bool bf16);
  ~StepParts();

  void round();                           // once through all
  std::vector<PartTime> medians() const;  // of the rounds so far

 private:
  class PlanTimes;
  void add(const std::string& name, double ms);

  const Model& model_;
  bool bf16_;
  std::unique_ptr<PlanTimes> plan_;  // null: there is none
  struct Part {
    std::string name;
    std::vector<double> ms;  // of each round
  };
  std::vector<Part> parts_;  // in the order of telling
};

}  // namespace kiln
