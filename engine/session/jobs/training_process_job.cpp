#include "engine/base/error.h"
#include "engine/session/job.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/outbox.h"
#include "engine/session/training_setup.h"

namespace kiln {
namespace {

// One of the processes that train together, but not the first: it computes its rows of every batch, and writes nothing.
class TrainingProcessJob : public Job {
 public:
  TrainingProcessJob(StartTraining command, Outbox& outbox, ProcessPlace place)
      : job_(command.job), outbox_(outbox), setup_(std::make_unique<TrainingSetup>(std::move(command.request), false, 0, place)) {}

  bool step() override {
    if (!trainer_) {
      if (setup_->step()) return true;
      trainer_ = setup_->take_trainer();
      setup_.reset();
    }
    const bool more = trainer_->advance();
    trainer_->take_measurements();
    outbox_.show(Progress{job_, trainer_->step(), trainer_->total(), 0, -1});
    return more;
  }

  Outcome cancel(CancelMode) override {
    if (trainer_) trainer_->stop();
    return Outcome::kKept;
  }

  Priority priority() const override { return Priority::kBackground; }
  JobThread thread() const override { return JobThread::kTraining; }

 private:
  JobId job_;
  Outbox& outbox_;
  std::unique_ptr<TrainingSetup> setup_;
  std::unique_ptr<Trainer> trainer_;
};

}  // namespace

std::shared_ptr<Job> make_training_process_job(StartTraining command, const JobContext& context, const ProcessPlace& place) {
  return std::make_shared<TrainingProcessJob>(std::move(command), context.outbox, place);
}

}  // namespace kiln
