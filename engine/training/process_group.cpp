#include "engine/training/process_group.h"

#include <unistd.h>

#include <array>
#include <cstdlib>

#include "engine/base/error.h"
#include "engine/base/log.h"
#include "engine/base/text.h"

#if SPRITEKILN_DISTRIBUTED
#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
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

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "an unknown host";
}

#if SPRITEKILN_DISTRIBUTED

namespace {

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// LibTorch 2.4 and newer serve the store by libuv unless told otherwise, which Debian's is built without; who asks it speaks the
// same.
template <class Options>
void serve_plainly(Options& options) {
  if constexpr (requires { options.useLibUV; }) options.useLibUV = false;
}

class GlooGroup : public ProcessGroup {
 public:
  GlooGroup(const ProcessPlace& place, std::chrono::milliseconds timeout) : ProcessGroup(place), timeout_(timeout) {
    c10d::TCPStoreOptions options;
    options.port = static_cast<std::uint16_t>(place.port);
    options.isServer = place.rank == 0 && !place.launcher_serves;
    options.waitWorkers = false;
    options.timeout = timeout;
    serve_plainly(options);
    try {
      const auto meeting = c10::make_intrusive<c10d::TCPStore>(place.address, options);
      // An attempt after a failure meets beside what the one before has left.
      store_ = c10::make_intrusive<c10d::PrefixStore>("spritekiln/" + std::to_string(place.attempt), meeting);
      store_->set("host/" + std::to_string(place.rank), bytes_of(host_name()));
      auto gloo = c10d::ProcessGroupGloo::Options::create(timeout);
      const char* const interface = std::getenv("GLOO_SOCKET_IFNAME");  // as PyTorch takes it
      gloo->devices.push_back(interface ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                                        : c10d::ProcessGroupGloo::createDefaultDevice());
      group_ = c10::make_intrusive<c10d::ProcessGroupGloo>(store_, place.rank, place.size, gloo);
    } catch (const std::exception& error) {
      throw Failure(ErrorCode::kUnreadable,
                    "process " + std::to_string(place.rank) + " of " + std::to_string(place.size) + " has not met the others at " +
                        place.address + ":" + std::to_string(place.port) + in_time(),
                    "see that all of them are started, and that no firewall is between them", error.what());
    }
  }

  void sum(at::Tensor& values) override {
    at::Tensor here = values.is_cpu() && values.is_contiguous() ? values : values.cpu().contiguous();
    try {
      std::vector<at::Tensor> tensors{here};
      group_->allreduce(tensors)->wait();
    } catch (const std::exception& error) {
      throw lost(error.what());
    }
    if (!here.is_same(values)) values.copy_(here);
  }

 private:
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
  c10::intrusive_ptr<c10d::Store> store_;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};

}  // namespace

bool has_process_groups() { return true; }

std::shared_ptr<ProcessGroup> join_process_group(const ProcessPlace& place, std::chrono::milliseconds timeout) {
  return std::make_shared<GlooGroup>(place, timeout);
}

#else

bool has_process_groups() { return false; }

std::shared_ptr<ProcessGroup> join_process_group(const ProcessPlace&, std::chrono::milliseconds) {
  throw Failure(ErrorCode::kUnsupported, "this build cannot train in several processes: its LibTorch comes without c10d and Gloo",
                "train in one, with --threads, or build where libgloo-dev is installed");
}

#endif

}  // namespace kiln
