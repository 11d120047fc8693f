// flags.js: what makes a household vulnerable, seen from its roster, for the eye of the officer; rules use the server's own.
export function age(member, on = new Date()) {
  if (!member.birth_date) return member.age_years;
  const [year, month, day] = member.birth_date.split('-').map(Number);
  return on.getFullYear() - year - (on.getMonth() + 1 < month || (on.getMonth() + 1 === month && on.getDate() < day) ? 1 : 0);
}

const grades = (member) => Object.values(member.disability || {});

export function flagsOf(household) {
  const members = household.members || [];
  const head = members.find((member) => member.relationship === 'head');
  const ages = members.map((member) => age(member));
  const known = ages.every((years) => years !== undefined);
  const found = {
    elderly_alone: known && ages.length > 0 && ages.every((years) => years >= 60),
    severe_disability: members.some((member) => member.registered_severe_disability || grades(member).includes(4)),
    disability: members.some((member) => grades(member).some((grade) => grade >= 3)),
    female_headed: head?.sex === 'F',
    child_headed: head && age(head) < 18,
    under_five: ages.some((years) => years < 5),
    pregnant: members.some((member) => member.pregnancy),
    chronic_illness: members.some((member) => member.chronic_illness),
    no_id: members.some((member) => !member.nik && !(member.other_ids || []).length && !(age(member) < 1)),
  };
  return Object.keys(found).filter((name) => found[name]);
}
