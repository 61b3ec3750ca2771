/** Loaded before a process of the hub (`--import`): its clock is wrong by FAULTS_CLOCK_MS milliseconds. */
const wrongBy = Number(process.env.FAULTS_CLOCK_MS);
const RightDate = globalThis.Date;

globalThis.Date = class Date extends RightDate {
  constructor(...given) {
    if (given.length === 0) super(RightDate.now() + wrongBy);
    else super(...given);
  }
  static now() {
    return RightDate.now() + wrongBy;
  }
};
