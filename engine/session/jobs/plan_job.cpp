#include <chrono>

#include "engine/session/jobs/make_job.h"
#include "engine/session/training_setup.h"

namespace kiln {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// Makes the run without a folder, lets it train for a moment and forgets it.
class PlanJob : public Job {
 public:
  PlanJob(PlanTraining command, Outbox& outbox) : job_(command.job), outbox_(outbox), setup_(std::move(command.request), false) {}

  bool step() override {
    if (!trainer_) {
      if (setup_.step()) return true;
      trainer_ = setup_.take_trainer();
      first_step_ = trainer_->step();
      return true;
    }
    if (enough()) {
      outbox_.send(TrainingPlanned{job_, plan_of(*trainer_, setup_.run(), first_step_, images_per_s())});
      return false;
    }
    measure_piece();
    return true;
  }
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }
  Priority priority() const override { return Priority::kUtility; }
  JobThread thread() const override { return JobThread::kTraining; }

 private:
  static constexpr int kFewestSteps = 3;
  static constexpr Seconds kLongest{2};

  // The first step warms up and does not count.
  void measure_piece() {
    const auto work = trainer_->next_work();
    const auto before = trainer_->step();
    const auto start = Clock::now();
    trainer_->advance();
    if (work == Trainer::Work::kTraining && steps_ > 0) time_ += Clock::now() - start;
    if (trainer_->step() != before) ++steps_;
  }
  bool enough() const {
    return trainer_->next_work() == Trainer::Work::kNone || (steps_ >= kFewestSteps && time_ >= kLongest) || steps_ >= 200;
  }
  double images_per_s() const {
    return steps_ > 1 && time_.count() > 0 ? (steps_ - 1) * trainer_->batch_size() / time_.count() : 0;
  }

  JobId job_;
  Outbox& outbox_;
  TrainingSetup setup_;
  std::unique_ptr<Trainer> trainer_;
  std::int64_t first_step_ = 0;
  int steps_ = 0;
  Seconds time_{};
};

}  // namespace

std::shared_ptr<Job> make_job(PlanTraining command, const JobContext& context) {
  return std::make_shared<PlanJob>(std::move(command), context.outbox);
}

}  // namespace kiln
