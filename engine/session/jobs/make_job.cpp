#include "engine/session/jobs/make_job.h"

#include "engine/session/jobs/evaluate_job.h"
#include "engine/session/jobs/sampling_job.h"
#include "engine/session/jobs/training_job.h"

namespace kiln {

std::shared_ptr<Job> make_job(StartSampling command, const JobContext& context) {
  return std::make_shared<SamplingJob>(std::move(command), context.models, context.outbox);
}

std::shared_ptr<Job> make_job(EvaluateModel command, const JobContext& context) {
  return std::make_shared<EvaluateJob>(std::move(command), context.outbox);
}

std::shared_ptr<Job> make_job(StartTraining command, const JobContext& context) {
  return std::make_shared<TrainingJob>(std::move(command), context.outbox);
}

}  // namespace kiln
