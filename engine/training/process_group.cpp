#include "engine/training/process_group.h"

#include <unistd.h>

#include <array>
#include <cstdlib>

#include "engine/base/error.h"
#include "engine/base/log.h"
#include "engine/base/text.h"

#if SPRITEKILN_DISTRIBUTED
#include <ATen/ATen.h>
#include <torch/version.h>
#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#if SPRITEKILN_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif
#endif

namespace kiln {
namespace {

constexpr int kMostProcesses = 1 << 20, kMostPort = 65535;

int number_of(const std::function<const char*(const char*)>& variable, const char* name, int fallback, int low, int high) {
  const char* const text = variable(name);
  if (!text) return fallback;
  const auto value = parse_real(text);
  if (!value || *value != static_cast<int>(*value) || *value < low || *value > high)
    throw Failure(ErrorCode::kInvalidArgument,
                  std::string("the variable ") + name + " is “" + text + "”, which is no number from " + std::to_string(low) +
                      " to " + std::to_string(high),
                  "start the processes with torchrun, or unset RANK and WORLD_SIZE to train with one");
  return static_cast<int>(*value);
}

}  // namespace

std::optional<ProcessPlace> process_place(const std::function<const char*(const char*)>& variable) {
  if (!variable("WORLD_SIZE") || !variable("RANK")) return std::nullopt;
  ProcessPlace place;
  place.size = number_of(variable, "WORLD_SIZE", 1, 1, kMostProcesses);
  place.rank = number_of(variable, "RANK", 0, 0, place.size - 1);
  place.local_size = number_of(variable, "LOCAL_WORLD_SIZE", 1, 1, place.size);
  place.local_rank = number_of(variable, "LOCAL_RANK", 0, 0, place.size - 1);
  const char* const address = variable("MASTER_ADDR");
  if (!address || !variable("MASTER_PORT"))
    throw Failure(ErrorCode::kInvalidArgument, "MASTER_ADDR and MASTER_PORT do not say where the processes meet",
                  "start them with torchrun, which sets them, or unset RANK and WORLD_SIZE to train with one");
  place.address = address;
  place.port = number_of(variable, "MASTER_PORT", 0, 1, kMostPort);
  const char* const agent = variable("TORCHELASTIC_USE_AGENT_STORE");
  place.launcher_serves = agent && std::string(agent) == "True";
  place.attempt = number_of(variable, "TORCHELASTIC_RESTART_COUNT", 0, 0, kMostProcesses);
  return place;
}

std::optional<ProcessPlace> process_place() {
  return process_place([](const char* name) -> const char* { return std::getenv(name); });
}

bool has_nccl() {
#if SPRITEKILN_DISTRIBUTED && SPRITEKILN_NCCL
  return true;
#else
  return false;
#endif
}

std::string backend_for(const std::string& asked, c10::Device device) {
  if (asked == kAutoBackend) return has_nccl() && device.is_cuda() ? kNccl : kGloo;
  if (asked == kGloo) return asked;
  if (asked != kNccl) throw Failure(ErrorCode::kInvalidArgument, "there is no backend “" + asked + "”", "take auto, gloo or nccl");
  if (!has_nccl())
    throw Failure(ErrorCode::kUnsupported, "this build cannot sum gradients by NCCL: its LibTorch comes without it",
                  "take --backend gloo, or build with a CUDA LibTorch that has NCCL");
  if (!device.is_cuda())
    throw Failure(ErrorCode::kInvalidArgument, "NCCL sums gradients on GPUs alone, and this training computes on the CPU",
                  "take --backend gloo, or --device cuda");
  return asked;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "an unknown host";
}

#if SPRITEKILN_DISTRIBUTED

namespace {

#if TORCH_VERSION_MAJOR >= 2
using Collectives = c10d::Backend;
#else
using Collectives = c10d::ProcessGroup;
#endif
using Store = c10::intrusive_ptr<c10d::Store>;

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// LibTorch 2.4 and newer serve the store by libuv unless told otherwise, which Debian's is built without; who asks it speaks the
// same.
template <class Options>
void serve_plainly(Options& options) {
  if constexpr (requires { options.useLibUV; }) options.useLibUV = false;
}

c10::intrusive_ptr<Collectives> make_gloo(const Store& store, const ProcessPlace& place, std::chrono::milliseconds timeout) {
  auto options = c10d::ProcessGroupGloo::Options::create(timeout);
  const char* const interface = std::getenv("GLOO_SOCKET_IFNAME");  // as PyTorch takes it
  options->devices.push_back(interface ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                                       : c10d::ProcessGroupGloo::createDefaultDevice());
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, place.rank, place.size, options);
}

#if SPRITEKILN_NCCL
c10::intrusive_ptr<Collectives> make_nccl(const Store& store, const ProcessPlace& place, std::chrono::milliseconds timeout) {
  // A wait that is over after the time, and throws: without, c10d ends the whole process by itself, before it can say why and keep
  // what it has. The name changed with LibTorch 2.2.
  for (const char* const name : {"NCCL_BLOCKING_WAIT", "TORCH_NCCL_BLOCKING_WAIT"}) ::setenv(name, "1", 0);
  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = timeout;
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, place.rank, place.size, options);
}
#endif

// Tensors are moved to where the backend works, and what it made of them back.
class C10dGroup : public ProcessGroup {
 public:
  C10dGroup(const ProcessPlace& place, const ProcessGroupOptions& options)
      : ProcessGroup(place), timeout_(options.timeout), backend_(backend_for(options.backend, options.device)) {
    if (backend_ == kNccl) device_ = options.device;
    try {
      meet();
      check_backends();
#if SPRITEKILN_NCCL
      group_ = backend_ == kNccl ? make_nccl(store_, place, timeout_) : make_gloo(store_, place, timeout_);
#else
      group_ = make_gloo(store_, place, timeout_);
#endif
    } catch (const Failure&) {
      throw;
    } catch (const std::exception& error) {
      throw Failure(ErrorCode::kUnreadable,
                    "process " + std::to_string(place.rank) + " of " + std::to_string(place.size) + " has not met the others at " +
                        place.address + ":" + std::to_string(place.port) + in_time(),
                    "see that all of them are started, and that no firewall is between them", error.what());
    }
  }

  Wait begin_sum(const at::Tensor& values) override {
    std::vector<at::Tensor> tensors{values.to(device_)};
    return begun([&] { return group_->allreduce(tensors); }, tensors[0], values);
  }

  Wait begin_exchange(const at::Tensor& received, const at::Tensor& parts) override {
    at::Tensor from = carried(parts), to = at::empty_like(from);
    std::vector<std::int64_t> evenly;
    return begun([&] { return group_->alltoall_base(to, from, evenly, evenly); }, to, received);
  }

  Wait begin_gather(const at::Tensor& all, const at::Tensor& own) override {
    std::vector<at::Tensor> from{carried(own)};
    const at::Tensor to = at::empty({size() * own.numel()}, from[0].options());
    std::vector<std::vector<at::Tensor>> pieces{to.chunk(size())};
    return begun([&] { return group_->allgather(pieces, from); }, to, all);
  }

 private:
  void meet() {
    c10d::TCPStoreOptions options;
    options.port = static_cast<std::uint16_t>(place().port);
    options.isServer = rank() == 0 && !place().launcher_serves;
    options.waitWorkers = false;
    options.timeout = timeout_;
    serve_plainly(options);
    const auto meeting = c10::make_intrusive<c10d::TCPStore>(place().address, options);
    // An attempt after a failure meets beside what the one before has left.
    store_ = c10::make_intrusive<c10d::PrefixStore>("spritekiln/" + std::to_string(place().attempt), meeting);
    store_->set("host/" + std::to_string(rank()), bytes_of(host_name()));
  }

  // Where a process has no GPU for itself, each would wait for the others in another place.
  void check_backends() {
    if (rank() == 0) store_->set("backend", bytes_of(backend_));
    const auto first = store_->get("backend");
    if (const std::string theirs(first.begin(), first.end()); theirs != backend_)
      throw Failure(
          ErrorCode::kInvalidArgument,
          "process " + std::to_string(rank()) + " on " + host_name() + " sums by " + backend_ + ", and process 0 by " + theirs,
          "give all of them --backend gloo, or a GPU each");
  }

  // Gloo of LibTorch 1.13 knows no bfloat16, but half, which is as wide: what is only carried may be called so.
  at::Tensor carried(const at::Tensor& values) const { return values.to(device_).view(at::kHalf); }

  // What `begin` begins, and what waits for it: `made` is where it comes, `wanted` where it belongs.
  template <class Begin>
  Wait begun(const Begin& begin, const at::Tensor& made, const at::Tensor& wanted) {
    try {
      return [this, work = begin(), made, wanted] {
        try {
          work->wait();
        } catch (const std::exception& error) {
          throw lost(error.what());
        }
        if (!made.is_same(wanted)) wanted.copy_(made.view(wanted.scalar_type()));
      };
    } catch (const std::exception& error) {
      throw lost(error.what());
    }
  }

  std::string in_time() const {
    return " within " + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(timeout_).count()) + " s";
  }

  // Those who still run say so; who does not is told of.
  Failure lost(const std::string& detail) {
    constexpr std::chrono::seconds kAnswer{2};
    std::string who;
    try {
      store_->set("alive/" + std::to_string(rank()), bytes_of("yes"));
      std::this_thread::sleep_for(kAnswer);
      for (int other = 0; other < size(); ++other) {
        if (store_->check({"alive/" + std::to_string(other)})) continue;
        const auto host = store_->get("host/" + std::to_string(other));
        who += (who.empty() ? "" : ", ") + std::to_string(other) + " on " + std::string(host.begin(), host.end());
      }
    } catch (const std::exception&) {
      who = "0 on " + place().address;  // with it the store is gone
    }
    if (who.empty())
      return Failure(ErrorCode::kUnreadable, "the processes that train have lost touch with each other",
                     "see whether the network between them is whole; --resume goes on from the last checkpoint", detail);
    return Failure(ErrorCode::kUnreadable, "training has ended because process " + who + " did not answer",
                   "see what ended it there; --resume goes on from the last checkpoint, with any number of processes", detail);
  }

  std::chrono::milliseconds timeout_;
  std::string backend_;
  c10::Device device_ = c10::kCPU;  // where it works
  Store store_;
  c10::intrusive_ptr<Collectives> group_;
};

}  // namespace

bool has_process_groups() { return true; }

std::shared_ptr<ProcessGroup> join_process_group(const ProcessPlace& place, const ProcessGroupOptions& options) {
  return std::make_shared<C10dGroup>(place, options);
}

#else

bool has_process_groups() { return false; }

std::shared_ptr<ProcessGroup> join_process_group(const ProcessPlace&, const ProcessGroupOptions&) {
  throw Failure(ErrorCode::kUnsupported, "this build cannot train in several processes: its LibTorch comes without c10d and Gloo",
                "train in one, with --threads, or build where libgloo-dev is installed");
}

#endif

}  // namespace kiln
