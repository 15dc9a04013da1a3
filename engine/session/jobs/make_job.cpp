#include "engine/session/jobs/make_job.h"

#include "engine/session/jobs/evaluate_job.h"
#include "engine/session/jobs/sampling_job.h"
#include "engine/session/jobs/training_job.h"
#include "engine/training/process_group.h"

namespace kiln {

std::shared_ptr<Job> make_job(StartSampling command, const JobContext& context) {
  return std::make_shared<SamplingJob>(std::move(command), context.models, context.outbox);
}

std::shared_ptr<Job> make_job(EvaluateModel command, const JobContext& context) {
  return std::make_shared<EvaluateJob>(std::move(command), context.outbox);
}

std::shared_ptr<Job> make_job(StartTraining command, const JobContext& context) {
  const auto place = process_place();
  if (!place || place->size == 1) return std::make_shared<TrainingJob>(std::move(command), context.outbox);
  if (place->rank > 0) return make_training_process_job(std::move(command), context, *place);
  return std::make_shared<TrainingJob>(std::move(command), context.outbox, 0, place);
}

}  // namespace kiln
