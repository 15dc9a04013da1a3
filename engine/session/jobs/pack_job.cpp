#include <map>
#include <optional>

#include "engine/data/collected_set.h"
#include "engine/formats/packed_set.h"
#include "engine/session/jobs/collection_job.h"
#include "engine/session/jobs/make_job.h"

namespace kiln {
namespace {

constexpr std::size_t kPackedAStep = 256;
constexpr int kLargestShard = 100'000;  // MB

class PackJob : public CollectionJob {
 public:
  PackJob(PackDataset command, Outbox& outbox)
      : CollectionJob(command.job, std::move(command.source), std::move(command.preprocessing), outbox),
        out_(std::move(command.out)),
        shard_mb_(command.shard_mb) {}

 private:
  void before_reading() override {
    if (shard_mb_ < 1 || shard_mb_ > kLargestShard) {
      throw Failure(ErrorCode::kInvalidArgument, "files of " + std::to_string(shard_mb_) + " MB cannot be written",
                    "choose from 1 to " + std::to_string(kLargestShard));
    }
  }

  void after_reading() override {
    flip_classes_ = collection_.flip_classes;
    left_out_ = collection_.left_out;
    notes_ = collection_.notes;
    set_ = make_sprite_set(std::move(collection_), "“" + source_.path + "”");
    writer_.emplace(out_, set_.width, set_.height, static_cast<std::size_t>(shard_mb_) * 1'000'000);
  }

  bool own_step() override {
    const std::size_t count = set_.sprites.size();
    for (const auto until = std::min(next_ + kPackedAStep, count); next_ < until; ++next_) {
      const LabelledSprite& sprite = set_.sprites[next_];
      const std::string& name = set_.classes[static_cast<std::size_t>(sprite.class_index)];
      writer_->add(sprite.image, name, sprite.frame, sprite.held_out);
      ++counts_[name];
    }
    progress_.show(static_cast<std::int64_t>(next_), static_cast<std::int64_t>(count));
    if (next_ < count) return true;
    writer_->finish(flip_classes_);
    std::vector<ClassCount> counts;
    for (const auto& [name, sprites] : counts_) counts.push_back({name, sprites});
    outbox_.send(DatasetWritten{job_, out_, std::move(counts), left_out_, notes_});
    return false;
  }

  std::string out_;
  int shard_mb_;
  std::vector<std::string> flip_classes_, notes_;
  std::vector<LeftOut> left_out_;
  SpriteSet set_;
  std::optional<PackedSetWriter> writer_;
  std::size_t next_ = 0;
  std::map<std::string, int> counts_;
};

}  // namespace

std::shared_ptr<Job> make_job(PackDataset command, const JobContext& context) {
  return std::make_shared<PackJob>(std::move(command), context.outbox);
}

}  // namespace kiln
